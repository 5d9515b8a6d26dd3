/** What a page has registered. A missing handler is fine, and one that throws harms nobody else. */

import type { Received } from "./received.js";

/** Everything that a page may register. */
export interface Handlers {
  statusChange(isOnline: boolean, type: string, reason: string, desc: string): void;
  serverAck(packetId: string, sequence: string, timeStamp: string, errMsg: string): void;
  p2pMessage(message: Received): void;
  groupMessage(message: Received): void;
  disconnected(): void;
  ucMessage(message: Received): void;
  ucJoinResp(topicId: string, code: number, message: string, context: unknown): void;
  ucQuitResp(topicId: string, code: number, message: string, context: unknown): void;
  ucDismiss(topicId: string): void;
  pullNotification(...what: unknown[]): void;
}

/** Calls a handler, if there is one; what it throws goes to the page's console. */
export function tell<Name extends keyof Handlers>(
  handlers: Partial<Handlers>,
  name: Name,
  ...what: Parameters<Handlers[Name]>
): void {
  const handler = handlers[name] as ((...what: unknown[]) => void) | undefined;
  if (typeof handler !== "function") return;
  try {
    handler(...what);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
