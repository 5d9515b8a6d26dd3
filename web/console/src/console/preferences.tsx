/** The foot of the navigation: language, theme, who one is, and the way out. */

import { chooseLanguage, language } from "../look/language";
import { chooseTheme, theme } from "../look/theme";
import { Icon } from "./part/icon";
import { Switch } from "./part/switch";
import { toastFailure } from "./part/toast";
import { session } from "./session";
import { signOut } from "./sign_in";
import { words } from "./words";

const THEMES = ["auto", "light", "dark"] as const;
const LANGUAGES = [
  { name: "en", title: "EN", lang: "en" },
  { name: "zh", title: "中文", lang: "zh" },
] as const;

export function Looks() {
  const say = words.value;
  return (
    <div class="looks">
      <Switch
        label={say.theme}
        choices={THEMES.map((name) => ({ name, title: say[name] }))}
        chosen={theme.value}
        choose={chooseTheme}
      />
      <Switch
        label={say.language}
        choices={LANGUAGES}
        chosen={language.value}
        choose={chooseLanguage}
      />
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
