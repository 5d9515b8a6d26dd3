/** What this package needs of a WebSocket: the browser's, or the one of npm's `ws`. */

/** What is used of a WebSocket: the browser's, or the one of npm's `ws`. */
export interface WebSocketLike {
  /** Set to `arraybuffer`. */
  binaryType: string;
  /** Set by the client. */
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onopen: ((event: any) => void) | null;
  /** Set by the client; `data` of the event is an `ArrayBuffer`. */
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onmessage: ((event: any) => void) | null;
  /** Set by the client. */
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onerror: ((event: any) => void) | null;
  /** Set by the client; follows an error as well. */
  // biome-ignore lint/suspicious/noExplicitAny: every implementation has events of its own
  onclose: ((event: any) => void) | null;
  /**
   * Queues one binary message.
   *
   * @param data - Its bytes.
   */
  send(data: Uint8Array<ArrayBuffer>): void;
  /** Ends the connection. */
  close(): void;
}

/**
 * Opens a WebSocket.
 *
 * @param url - Of scheme `ws:` or `wss:`.
 * @returns Not yet open.
 */
export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** The WebSocket of this platform; Node 20 has none. */
export function platformWebSocket(): WebSocketConstructor {
  const found = (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (!found) throw new TypeError("no WebSocket here: pass one as `webSocket`, such as npm's ws");
  return found;
}
