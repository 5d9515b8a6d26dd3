const MODULUS = 65_521;
/** So many bytes cannot carry a sum beyond 2^53, by far. */
const RUN = 3_800;

/** Adler-32 with the usual beginning, as an unsigned number. */
export function adler32(data: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < data.length; at += RUN) {
    for (const byte of data.subarray(at, at + RUN)) {
      a += byte;
      b += a;
    }
    a %= MODULUS;
    b %= MODULUS;
  }
  return b * 0x10000 + a;
}
