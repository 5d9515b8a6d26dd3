/** The token in what people paste: alone, in quotes, or within the answer of the token route. */

export function tokenIn(text: string): string {
  const bare = text.trim();
  try {
    const parsed: unknown = JSON.parse(bare);
    const found = typeof parsed === "string" ? parsed : tokenOf(parsed);
    return found ?? bare;
  } catch {
    return bare;
  }
}

function tokenOf(value: unknown): string | undefined {
  const { token, data } = (value ?? {}) as { token?: unknown; data?: unknown };
  if (typeof token === "string") {
    return token;
  }
  return typeof data === "object" && data !== null ? tokenOf(data) : undefined;
}
