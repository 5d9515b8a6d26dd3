/** What each URL of the app answered to a sample. */

import { milliseconds } from "../../../look/figures";
import { Dialog } from "../../../part/dialog";
import { Tag } from "../../part/tag";
import type { Attempt, Tried } from "./callback_data";
import { answerOf } from "./status";
import { words } from "./words";

export function TestResult({ tried, close }: { tried: Tried; close: () => void }) {
  const say = words.value;
  return (
    <Dialog title={say.testResults} close={close}>
      <dl class="facts">
        <dt>{say.instant}</dt>
        <dd>
          <Outcome attempt={tried.instant} />
        </dd>
        <dt>{say.offline}</dt>
        <dd>
          <Outcome attempt={tried.offline} />
        </dd>
      </dl>
    </Dialog>
  );
}

function Outcome({ attempt }: { attempt: Attempt | null }) {
  const say = words.value;
  if (attempt === null) {
    return <span class="muted">{say.noUrl}</span>;
  }
  const isTaken = attempt.error === null;
  return (
    <>
      <Tag tone={isTaken ? "good" : "bad"}>
        {isTaken ? say.statuses.delivered : say.statuses.failed}
      </Tag>
      {answerOf(attempt)}
      <span class="muted">{milliseconds(attempt.ms)}</span>
    </>
  );
}
