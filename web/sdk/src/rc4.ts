/** RC4 of `data` under `key`, which has at least one byte; the same again gives the data back. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = schedule(key);
  const out = new Uint8Array(data.length);
  let i = 0;
  let j = 0;
  for (let at = 0; at < data.length; at++) {
    i = (i + 1) & 255;
    const a = state[i] as number;
    j = (j + a) & 255;
    const b = state[j] as number;
    state[i] = b;
    state[j] = a;
    out[at] = (data[at] as number) ^ (state[(a + b) & 255] as number);
  }
  return out;
}

function schedule(key: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, at) => at);
  let j = 0;
  for (let i = 0; i < 256; i++) {
    const a = state[i] as number;
    j = (j + a + (key[i % key.length] as number)) & 255;
    state[i] = state[j] as number;
    state[j] = a;
  }
  return state;
}
