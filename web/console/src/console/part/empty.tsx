/** Nothing is here yet: what would be, and the next step. */

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

interface Props {
  icon: IconName;
  title: string;
  /** What to do to have something here; buttons and links go here, too. */
  children?: ComponentChildren;
}

export function Empty({ icon, title, children }: Props) {
  return (
    <div class="state">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
