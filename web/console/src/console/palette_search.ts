/** Finding a page or an app by a few letters of its name. */

export interface Choice {
  /** "Accounts". */
  title: string;
  /** "Demo · com.example.demo". */
  about: string;
  address: string;
}

/** More would not be read. */
const SHOWN_MAX = 50;

/** Those that hold every word of the text, names that begin with it first. */
export function search(choices: readonly Choice[], text: string): Choice[] {
  const sought = text.trim().toLowerCase().split(/\s+/);
  const found = choices.filter(({ title, about }) => {
    const all = `${title} ${about}`.toLowerCase();
    return sought.every((word) => all.includes(word));
  });
  const first = sought[0] ?? "";
  const rank = ({ title }: Choice) => (title.toLowerCase().startsWith(first) ? 0 : 1);
  return found.sort((a, b) => rank(a) - rank(b)).slice(0, SHOWN_MAX);
}
