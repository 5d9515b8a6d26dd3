/** The top of a view: where one is, and what can be done here. The view says no title of its own. */

import type { ComponentChildren } from "preact";
import { language } from "../../look/language";
import { appName } from "../apps";
import { to } from "../route_match";
import { here } from "../router";

interface Props {
  /** What the view is about when it is more than its route says, as the name of an account. */
  about?: string;
  /** One sentence for newcomers. */
  hint?: ComponentChildren;
  /** Buttons. */
  children?: ComponentChildren;
}

export function Head({ about, hint, children }: Props) {
  const { route, params } = here.value;
  const title = route?.title[language.value];
  return (
    <header class="head">
      <div class="head-text">
        {params.app !== undefined && (
          <p class="crumb">
            <a href={to`/apps/${params.app}`}>{appName(params.app)}</a>
            {about && ` / ${title}`}
          </p>
        )}
        {/* The focus comes here when one goes from view to view. */}
        <h1 tabIndex={-1}>{about ?? title}</h1>
        {hint && <p class="hint">{hint}</p>}
      </div>
      {children && <div class="head-actions">{children}</div>}
    </header>
  );
}
