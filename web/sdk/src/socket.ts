/** What this package needs of a WebSocket: the browser's, or the one of npm's `ws`. */

/** A WebSocket. */
export interface WebSocketLike {
  /** Set to `arraybuffer`. */
  binaryType: string;
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onopen: ((event: any) => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onmessage: ((event: any) => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onerror: ((event: any) => void) | null;
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onclose: ((event: any) => void) | null;
  /** Queues one binary message. */
  send(data: Uint8Array<ArrayBuffer>): void;
  /** Ends the connection. */
  close(): void;
}

/** Opens a WebSocket. */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** The WebSocket of this platform; Node 20 has none. */
export function platformWebSocket(): WebSocketConstructor {
  const found = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (!found) throw new TypeError("no WebSocket here: pass one as `webSocket`, such as npm's ws");
  return found;
}
