/** What is made of the security key of an account: signatures and the keys of payloads. */

import { concat, toBase64, utf8 } from "./bytes.js";
import type { ClientHeader } from "./generated.js";
import { rc4 } from "./rc4.js";
import { sha1 } from "./sha1.js";

/** The only method of logging in. */
export const METHOD = "XIAOMI-PASS";
/** What the payload of a frame is encrypted with. */
export const CIPHER_RC4 = 1;

/** What a login signs. */
export interface BindText {
  challenge: string;
  uuid: string;
  resource: string;
  /** Of the frame that carries the BIND. */
  headerId: string;
  token: string;
  /** As the token envelope has it: base64. */
  securityKey: string;
}

/** The signature of a BIND. */
export function bindSignature(bind: BindText): string {
  const { challenge, uuid, resource, headerId, token, securityKey } = bind;
  const from = `${uuid}@xiaomi.com/${resource}`;
  const fields = [
    `challenge=${challenge}`,
    "chid=9",
    "client_attrs=",
    "cloud_attrs=",
    `from=${from}`,
    `id=${headerId}`,
    "kick=0",
    "to=xiaomi.com",
    `token=${token}`,
  ];
  return toBase64(sha1(utf8([METHOD, ...fields, securityKey].join("&"))));
}

/** Encrypts the payload of the frame that has this header id, or decrypts it. */
export function cipher(key: Uint8Array, headerId: string, payload: Uint8Array): Uint8Array {
  return rc4(concat(key, utf8(`_${headerId}`)), payload);
}

/** The payload in clear: encrypted or not, as the header says. */
export function clear(key: Uint8Array, header: ClientHeader, payload: Uint8Array): Uint8Array {
  return header.cipher === CIPHER_RC4 ? cipher(key, header.id ?? "", payload) : payload;
}
