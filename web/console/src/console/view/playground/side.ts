/** One of two accounts: its connection, and what it sent and received. */

import { Client, MimcError } from "@openmimc/sdk";
import { signal } from "@preact/signals";
import { mint } from "./tokens_of";

export type State = "off" | "connecting" | "on" | "lost";

export interface Line {
  key: number;
  at: number;
  text: string;
  isMine: boolean;
  /** To whom, or from whom. */
  with: string;
  packetId?: string;
  /** From sending to the server's acknowledgement, in milliseconds. */
  tookMs?: number;
  /** Why the server did not take it. */
  refusal?: string;
}

/** More would only be scrolled past. */
const LINES_MAX = 200;
/** The playground's own device, so that no other is replaced. */
const RESOURCE = "console-playground";

export class Side {
  readonly name = signal("");
  readonly state = signal<State>("off");
  readonly refusal = signal("");
  readonly lines = signal<readonly Line[]>([]);
  private client: Client | undefined;
  private last = 0;

  constructor(
    private readonly app: string,
    name: string,
  ) {
    this.name.value = name;
  }

  signIn() {
    const account = this.name.value.trim();
    this.refusal.value = "";
    this.state.value = "connecting";
    const client = new Client({
      endpoint: location.origin,
      appId: this.app,
      account,
      resource: RESOURCE,
      fetchToken: () => mint(this.app, account),
    });
    this.client = client;
    client.connect().catch(() => {}); // An event says why.
    this.listen(client);
  }

  signOut() {
    this.client?.close();
    this.client = undefined;
    this.state.value = "off";
  }

  send(to: string, text: string) {
    const began = performance.now();
    const sending = this.client?.send(to, text);
    if (sending === undefined) {
      return;
    }
    const key = this.add({ text, isMine: true, with: to, packetId: sending.packetId });
    sending.then(
      () => this.change(key, { tookMs: performance.now() - began }),
      (error) => this.change(key, { refusal: reason(error) }),
    );
  }

  private async listen(client: Client) {
    for await (const event of client) {
      if (client !== this.client) {
        return;
      }
      switch (event.type) {
        case "connected":
          this.state.value = "on";
          break;
        case "disconnected":
          this.state.value = "lost";
          break;
        case "message": {
          const { text, fromAccount, packetId } = event.message;
          this.add({ text, isMine: false, with: fromAccount, packetId });
          break;
        }
        case "kicked":
          this.refusal.value = event.reason;
          this.state.value = "off";
          break;
        case "refused":
          this.refusal.value = event.detail;
          this.state.value = "off";
          break;
      }
    }
  }

  private add(line: Omit<Line, "key" | "at">): number {
    this.last += 1;
    const whole = { ...line, key: this.last, at: Date.now() };
    this.lines.value = [...this.lines.value, whole].slice(-LINES_MAX);
    return whole.key;
  }

  private change(key: number, by: Partial<Line>) {
    this.lines.value = this.lines.value.map((line) =>
      line.key === key ? { ...line, ...by } : line,
    );
  }
}

function reason(error: unknown): string {
  if (error instanceof MimcError) {
    return error.code === 0 ? error.message : `${error.code}: ${error.message}`;
  }
  return String(error);
}
