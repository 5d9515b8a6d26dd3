/**
 * An account that is signed in: its connection, its conversations, and what one can do in them. This
 * is where the page meets the SDK; groups.ts, history.ts and blacklist.ts are the rest of it.
 */

import {
  Client,
  type ClientEvent,
  type GroupMessage,
  type Message,
  type OnlineMessage,
} from "@openmimc/sdk";
import { computed, signal } from "@preact/signals";
import { Blacklist } from "./blacklist";
import { Conversation, keyOf } from "./conversation";
import { devToken } from "./dev_token";
import { deviceName } from "./device";
import { type Content, isNote, isStored, read, type Written, write } from "./format";
import { Groups } from "./groups";
import { History } from "./history";
import { ReadMarks } from "./marks";
import { reasonOf } from "./reason";
import { type Entry, entry, type Shown, sequenceOf } from "./timeline";

export type Status = "connecting" | "online" | "reconnecting" | "replaced" | { refused: string };

/** A ping that has waited longer in a queue says nothing about now. */
const PING_FRESH_MS = 10_000;
const PONG_WAIT_MS = 3_000;

export class Account {
  readonly status = signal<Status>("connecting");
  readonly open = signal<Conversation | undefined>(undefined);
  /** The last active first. */
  readonly conversations = computed(() => [...this.known.value.values()].sort(lastActiveFirst));
  readonly groups = new Groups(this);
  readonly history = new History(this);
  readonly blacklist = new Blacklist(this);
  /** Whether the list of conversations could not be loaded the last time. */
  readonly hasFailed = signal(false);
  client: Client;

  private readonly known = signal<ReadonlyMap<string, Conversation>>(new Map());
  private readonly marks: ReadMarks;

  private constructor(
    readonly name: string,
    private readonly device: string,
    private envelope: Awaited<ReturnType<typeof devToken>> | undefined,
  ) {
    this.marks = new ReadMarks(name);
    this.client = this.connect();
  }

  /** Throws a `SignInError`. `place` tells two panes of one page apart, which are two devices. */
  static async signIn(name: string, place: string): Promise<Account> {
    return new Account(name, deviceName(place), await devToken(name));
  }

  signOut() {
    this.client.close();
  }

  /** Connects, and stays so: the client comes back by itself when the connection is lost. */
  connect(): Client {
    this.status.value = "connecting";
    const client = new Client({
      endpoint: location.origin,
      account: this.name,
      resource: this.device,
      fetchToken: () => this.token(),
    });
    this.client = client;
    this.listen(client);
    client.connect().catch(() => {}); // An event says why.
    return client;
  }

  /** The one of sign-in first; later ones when the server asks for a newer. */
  private async token() {
    const envelope = this.envelope ?? (await devToken(this.name));
    this.envelope = undefined;
    return envelope;
  }

  private async listen(client: Client) {
    for await (const event of client) {
      this.onEvent(event);
    }
  }

  private onEvent(event: ClientEvent) {
    switch (event.type) {
      case "connected":
        this.status.value = "online";
        this.load();
        return;
      case "disconnected":
        this.status.value = "reconnecting";
        return;
      case "kicked":
        this.status.value = event.reason === "replaced" ? "replaced" : { refused: event.reason };
        return;
      case "refused":
        this.status.value = { refused: event.detail };
        return;
      case "message":
        return this.receive(event.message);
      case "groupMessage":
        return this.receiveInGroup(event.message);
      case "onlineMessage":
        return this.receiveOnline(event.message);
    }
  }

  /** The conversations; and what is missing in the open one. */
  async load(): Promise<void> {
    this.hasFailed.value = false;
    const open = this.open.value;
    if (open?.hasFailed.value) {
      this.history.loadEarlier(open);
    }
    try {
      await Promise.all([this.history.loadContacts(), this.groups.load()]);
    } catch {
      this.hasFailed.value = true;
    }
  }

  /** The conversation with somebody or of a group, made when there is none. */
  conversation(id: string, isGroup: boolean, title?: string): Conversation {
    const old = this.known.value.get(keyOf(id, isGroup));
    if (old !== undefined) {
      if (title !== undefined) {
        old.title.value = title;
      }
      return old;
    }
    const made = new Conversation(id, isGroup, this.name, this.marks, title);
    this.known.value = new Map(this.known.value).set(made.key, made);
    return made;
  }

  forget(conversation: Conversation) {
    const left = new Map(this.known.value);
    left.delete(conversation.key);
    this.known.value = left;
    if (this.open.value === conversation) {
      this.open.value = undefined;
    }
  }

  show(conversation: Conversation | undefined) {
    this.open.value = conversation;
    if (conversation === undefined) {
      return;
    }
    this.history.loadEarlier(conversation);
    // What fails now is asked for again the next time.
    const { isGroup } = conversation;
    (isGroup ? this.groups : this.blacklist).refresh(conversation).catch(() => {});
  }

  /** Sends, and shows what comes of it in the conversation. Never throws. */
  async send(conversation: Conversation, content: Content, again?: string): Promise<void> {
    const written = write(content, this.name, again);
    const of = { sequence: "", packetId: "", from: this.name, time: Date.now() };
    conversation.add(entry(of, written.payload, "sending"));
    try {
      const { packetId, sequence, timestampMs } = await this.transmit(
        conversation,
        written,
        content,
      );
      conversation.settle(written.id, { state: "sent", packetId, sequence, time: timestampMs });
    } catch (error) {
      conversation.settle(written.id, { state: "failed", reason: reasonOf(error) });
    }
  }

  retry(conversation: Conversation, { content, frame }: Shown) {
    return this.send(conversation, content, frame.id);
  }

  /** Asks the other's device whether it is there. */
  ping(conversation: Conversation) {
    const { presence } = conversation;
    presence.value = "asking";
    this.whisper(conversation, { kind: "ping" });
    setTimeout(() => {
      if (presence.value === "asking") {
        presence.value = "silent";
      }
    }, PONG_WAIT_MS);
  }

  /** All of it has been seen. The other is told so; in a group that would be too much talk. */
  markRead(conversation: Conversation) {
    const last = conversation.markRead();
    if (last !== undefined && !conversation.isGroup) {
      this.whisper(conversation, { kind: "read", of: last.frame.id });
    }
  }

  /** Sends what leaves no trace, and matters little when it is lost. */
  private whisper(conversation: Pick<Conversation, "id" | "isGroup">, content: Content) {
    this.transmit(conversation, write(content, this.name), content).catch(() => {});
  }

  private transmit(
    { id, isGroup }: Pick<Conversation, "id" | "isGroup">,
    written: Written,
    content: Content,
  ) {
    const options = { bizType: written.type, isStore: isStored(content) };
    return isGroup
      ? this.client.sendToTopic(id, written.payload, options)
      : this.client.send(id, written.payload, options);
  }

  private receive(message: Message) {
    const isMine = message.fromAccount === this.name;
    this.arrived(entryOf(message), isMine ? message.toAccount : message.fromAccount, false);
  }

  private receiveInGroup(message: GroupMessage) {
    const isNew = !this.known.value.has(keyOf(message.topicId, true));
    const entry = entryOf(message);
    this.arrived(entry, message.topicId, true);
    const { content } = entry.frame;
    if (isNew || isNote(content)) {
      const conversation = this.conversation(message.topicId, true);
      this.groups.heard(conversation, entry.from, content).catch(() => {});
    }
  }

  /** Pings and pongs come so from apps whose SDK can send what is not kept at all. */
  private receiveOnline(message: OnlineMessage) {
    const of = {
      sequence: "",
      packetId: message.packetId,
      from: message.fromAccount,
      time: Date.now(),
    };
    const { kind } = read(message.text).content;
    if (kind === "ping") {
      this.client.sendOnline(message.fromAccount, write({ kind: "pong" }, this.name).payload);
    } else if (kind === "pong") {
      this.arrived(entry(of, message.text), message.fromAccount, false);
    }
  }

  private arrived(entry: Entry, id: string, isGroup: boolean) {
    const { content } = entry.frame;
    const known = this.known.value.get(keyOf(id, isGroup));
    switch (content.kind) {
      case "ping":
        if (!isGroup && entry.from !== this.name && Date.now() - entry.time < PING_FRESH_MS) {
          this.whisper({ id, isGroup }, { kind: "pong" });
        }
        return;
      case "pong":
        if (known !== undefined && entry.from !== this.name) {
          known.presence.value = "online";
        }
        return;
      case "read":
        if (entry.from !== this.name) {
          known?.markReadByThem(sequenceOf(known.timeline.value, this.name, content.of));
        }
        return;
      default:
        this.conversation(id, isGroup).add(entry);
    }
  }
}

/** A message of the SDK in a timeline, live or from history. */
export function entryOf(message: Message | GroupMessage): Entry {
  const { sequence, packetId, fromAccount, timestampMs, text } = message;
  return entry({ sequence, packetId, from: fromAccount, time: timestampMs }, text);
}

function lastActiveFirst(a: Conversation, b: Conversation): number {
  return (b.last.value?.time ?? 0) - (a.last.value?.time ?? 0);
}
