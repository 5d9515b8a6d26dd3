/** Where the server is, and how large a message may be: what `MIMCUser.configure` changes. */

import { type Endpoint, endpointOf } from "../endpoint.js";
import type { Fetch } from "../rest.js";
import { platformWebSocket, type WebSocketConstructor } from "../socket.js";

/** The server's default cap, in bytes. */
export const PAYLOAD_BYTES_MAX = 15_360;

/** What a page may say about the server. */
export interface Configuration {
  /** Its address, such as `https://im.example.com`; absent: where the script came from. */
  endpoint?: string;
  /** Bytes of a message's payload, 15,360 when absent: where the operator has changed the cap. */
  payloadBytesMax?: number;
  /** Where the platform has none. */
  webSocket?: WebSocketConstructor;
  /** Where the platform's does not do. */
  fetch?: Fetch;
}

const scriptAddress = addressOfScript();
let configured: Configuration = {};

/** Changes what is named, for all logins from now on. */
export function configure(changes: Configuration): void {
  configured = { ...configured, ...changes };
}

/** The server's addresses; throws when nobody said where it is. */
export function endpoint(): Endpoint {
  const address = configured.endpoint ?? scriptAddress;
  if (!address) throw new Error('unknown server: call MIMCUser.configure({endpoint: "https://…"})');
  return endpointOf(address);
}

/** The cap of a message's payload. */
export function payloadBytesMax(): number {
  return configured.payloadBytesMax ?? PAYLOAD_BYTES_MAX;
}

/** The WebSocket to be used. */
export function webSocket(): WebSocketConstructor {
  return configured.webSocket ?? platformWebSocket();
}

/** The fetch to be used. */
export const request: Fetch = (url, init) => (configured.fetch ?? fetch)(url, init);

/** The folder of this script, or of `sdk/` in it. Known only while the script is being run. */
function addressOfScript(): string | null {
  const script = globalThis.document?.currentScript;
  if (!(script && "src" in script && script.src)) return null;
  return new URL(".", String(script.src)).href.replace(/sdk\/$/, "");
}
