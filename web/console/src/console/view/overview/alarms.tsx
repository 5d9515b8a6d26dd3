/** What somebody should look at, and what to do about it. */

import { language } from "../../../look/language";
import { Icon } from "../../part/icon";
import { Prose } from "../../part/prose";
import { Tag } from "../../part/tag";
import { Time } from "../../part/time";
import type { Alarm } from "../../stats";
import { words } from "./words";

export function Alarms({ alarms }: { alarms: readonly Alarm[] }) {
  const say = words.value;
  if (alarms.length === 0) {
    return (
      <p class="well">
        <Icon name="check" />
        {say.well} <a href="#/health">{say.toHealth}</a>
      </p>
    );
  }
  return (
    <section class="section" aria-label={say.alarms}>
      <ul class="alarms">
        {alarms.map(({ id, severity, since, sentence }) => (
          <li key={id} data-tone={severity}>
            <Icon name="warn" />
            <span>
              <Tag tone={severity}>{say.severities[severity]}</Tag>{" "}
              <Prose text={sentence[language.value]} />{" "}
              <span class="muted">
                <Time at={since} />
              </span>
            </span>
          </li>
        ))}
      </ul>
      <p>
        <a href="#/health">{say.toHealth}</a>
      </p>
    </section>
  );
}
