/** A sentence of the server, in which commands stand between backticks. */

export function Prose({ text }: { text: string }) {
  const parts = text.split("`").map((part, at) => ({ part, isCode: at % 2 === 1, at }));
  return <>{parts.map(({ part, isCode, at }) => (isCode ? <code key={at}>{part}</code> : part))}</>;
}
