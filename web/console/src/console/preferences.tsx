/** The foot of the navigation: language, theme, who one is, and the way out. */

import { chooseLanguage, language } from "../look/language";
import { chooseTheme, theme } from "../look/theme";
import { Icon } from "./part/icon";
import { toastFailure } from "./part/toast";
import { session } from "./session";
import { signOut } from "./sign_in";
import { words } from "./words";

const THEMES = ["auto", "light", "dark"] as const;
const LANGUAGES = [
  ["en", "EN"],
  ["zh", "中文"],
] as const;

export function Looks() {
  const say = words.value;
  return (
    <div class="looks">
      <fieldset class="switch" aria-label={say.theme}>
        {THEMES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={theme.value === name}
            onClick={() => chooseTheme(name)}
          >
            {say[name]}
          </button>
        ))}
      </fieldset>
      <fieldset class="switch" aria-label={say.language}>
        {LANGUAGES.map(([name, title]) => (
          <button
            key={name}
            type="button"
            lang={name}
            aria-pressed={language.value === name}
            onClick={() => chooseLanguage(name)}
          >
            {title}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

export function Preferences() {
  const role = session.value?.role;
  return (
    <div class="side-foot">
      <Looks />
      <div class="who">
        <span>{role && words.value.roles[role]}</span>
        <button type="button" class="quiet" onClick={() => signOut().catch(toastFailure)}>
          <Icon name="leave" />
          {words.value.signOut}
        </button>
      </div>
    </div>
  );
}
