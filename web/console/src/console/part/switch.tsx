/** One of a few choices, all in sight. */

interface Props<Name extends string> {
  /** What is chosen, as "Window". */
  label: string;
  choices: readonly { name: Name; title: string; lang?: string }[];
  chosen: Name;
  choose: (name: Name) => void;
}

export function Switch<Name extends string>({ label, choices, chosen, choose }: Props<Name>) {
  return (
    <fieldset class="switch" aria-label={label}>
      {choices.map(({ name, title, lang }) => (
        <button
          key={name}
          type="button"
          lang={lang}
          aria-pressed={name === chosen}
          onClick={() => choose(name)}
        >
          {title}
        </button>
      ))}
    </fieldset>
  );
}
