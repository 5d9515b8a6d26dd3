/** JSON with a line for each value; anything else as it is. Numbers of 19 digits keep their digits. */

const INDENT = "  ";

export function readable(text: string): string {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  // Parsing and writing again would round long numbers, so only the space between values changes.
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  let out = "";
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1] ?? "";
    if ("{[".includes(token)) {
      const isEmpty = next === (token === "{" ? "}" : "]");
      depth += isEmpty ? 0 : 1;
      out += isEmpty ? token : token + line(depth);
    } else if ("}]".includes(token)) {
      const before = tokens[at - 1];
      const isEmpty = before === (token === "}" ? "{" : "[");
      depth -= isEmpty ? 0 : 1;
      out += isEmpty ? token : line(depth) + token;
    } else if (token === ",") {
      out += token + line(depth);
    } else {
      out += token === ":" ? ": " : token;
    }
  }
  return out;
}

function line(depth: number): string {
  return `\n${INDENT.repeat(depth)}`;
}
