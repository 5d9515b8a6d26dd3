/**
 * SHA-1, because `crypto.subtle` does not exist on plain http pages, and because the protocol
 * wants it.
 */
export function sha1(data: Uint8Array): Uint8Array {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const padded = pad(data);
  const words = new Int32Array(80);
  for (let at = 0; at < padded.byteLength; at += 64) {
    expand(padded, at, words);
    mix(state, words);
  }
  const digest = new DataView(new ArrayBuffer(20));
  state.forEach((word, at) => {
    digest.setInt32(at * 4, word);
  });
  return new Uint8Array(digest.buffer);
}

/** The data, a one bit, zeros, and its length in bits: whole blocks of 64 bytes. */
function pad(data: Uint8Array): DataView {
  const padded = new Uint8Array((((data.length + 8) >> 6) << 6) + 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 0x2000_0000));
  view.setUint32(padded.length - 4, data.length << 3);
  return view;
}

function expand(block: DataView, at: number, words: Int32Array): void {
  for (let i = 0; i < 16; i++) words[i] = block.getInt32(at + i * 4);
  for (let i = 16; i < 80; i++) {
    const word = (back: number): number => words[i - back] as number;
    words[i] = rotate(word(3) ^ word(8) ^ word(14) ^ word(16), 1);
  }
}

function mix(state: number[], words: Int32Array): void {
  let [a, b, c, d, e] = state as [number, number, number, number, number];
  words.forEach((word, i) => {
    const next = (rotate(a, 5) + round(i, b, c, d) + e + word) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  });
  [a, b, c, d, e].forEach((word, at) => {
    state[at] = ((state[at] as number) + word) | 0;
  });
}

function round(i: number, b: number, c: number, d: number): number {
  if (i < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (i < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (i < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
