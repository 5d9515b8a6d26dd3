// A TSDoc comment, taken apart.

/**
 * @typedef {object} Comment
 * @property {string} text what it says before the first tag, as Markdown
 * @property {Map<string, string>} parameters
 * @property {string} returns
 * @property {string[]} throws
 * @property {string[]} examples
 * @property {boolean} isInternal
 */

/** @returns {Comment} of the text between and including the marks, which may be absent */
export function comment(raw = "") {
  const blocks = split(lines(raw));
  const of = (tag) => blocks.filter((block) => block.tag === tag).map(({ text }) => text);
  return {
    text: of("")[0] ?? "",
    parameters: new Map([...of("param"), ...of("typeParam")].map(parameter)),
    returns: of("returns")[0] ?? "",
    throws: of("throws"),
    examples: of("example"),
    isInternal: blocks.some(({ tag }) => tag === "internal"),
  };
}

/** The last comment in what stands before something. */
export function last(text) {
  return text.match(/\/\*\*[\s\S]*?\*\//g)?.at(-1);
}

/** Without the marks at the left. */
function lines(raw) {
  const inside = raw.replace(/^\/\*\*/, "").replace(/\*\/$/, "");
  return inside.split("\n").map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
}

/** At lines that begin with a tag; not within code. */
function split(all) {
  const blocks = [{ tag: "", lines: [] }];
  let isCode = false;
  for (const line of all) {
    if (line.trimStart().startsWith("```")) isCode = !isCode;
    const [, tag, rest] = (!isCode && /^\s*@(\w+)\s*(.*)$/.exec(line)) || [];
    if (tag) blocks.push({ tag, lines: [rest] });
    else blocks.at(-1)?.lines.push(line);
  }
  return blocks.map(({ tag, lines }) => ({ tag, text: lines.join("\n").trim() }));
}

/** "name - what it is". */
function parameter(text) {
  const [, name, rest] = /^([\w$]+)\s*-?\s*([\s\S]*)$/.exec(text) ?? [];
  return [name ?? "", rest ?? ""];
}
