/** Lines to read and to take along. */

import { Copy } from "./copy";

interface Props {
  text: string;
  /** What it is, as "Response body". */
  label: string;
}

export function Code({ text, label }: Props) {
  return (
    <figure class="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section aria-label={label} tabIndex={0}>
        <pre>
          <code>{text}</code>
        </pre>
      </section>
      <Copy text={text} what={label} />
    </figure>
  );
}
