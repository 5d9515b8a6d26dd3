/**
 * The protocol itself, for tools that look into frames: its messages as tables, the ciphers and the
 * checksum. Apps do not need it, and it may change with the protocol's sources.
 *
 * @packageDocumentation
 */

export { adler32 } from "./adler32.js";
export { fromBase64 } from "./bytes.js";
export * from "./generated.js";
export { decode, type Field, type Kind, MalformedError, type Table } from "./proto.js";
export { rc4 } from "./rc4.js";
