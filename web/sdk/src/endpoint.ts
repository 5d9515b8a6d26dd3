/** Where a server is, and the addresses that follow from it. */

/** A server's addresses. */
export interface Endpoint {
  /** Of REST: ends with a slash. */
  base: string;
  /** Of the WebSocket. */
  socket: string;
}

/** From an `http:` or `https:` address, a prefix path included; throws at any other. */
export function endpointOf(address: string | URL): Endpoint {
  const url = new URL(address);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new TypeError(`${address} is not an http address`);
  }
  const base = `${url.origin}${url.pathname.replace(/\/*$/, "/")}`;
  return { base, socket: base.replace(/^http/, "ws") };
}
