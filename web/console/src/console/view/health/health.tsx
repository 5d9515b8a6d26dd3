/** What the server's checks have found, the worst first. */

import { language } from "../../../look/language";
import { Head } from "../../part/head";
import { Icon } from "../../part/icon";
import { Loaded } from "../../part/loaded";
import { Prose } from "../../part/prose";
import { Tag, type Tone } from "../../part/tag";
import { Time } from "../../part/time";
import { useAdmin } from "../../resource";
import { words } from "./words";

type Verdict = "ok" | "warn" | "bad";

interface Health {
  checkedAt: number;
  findings: Finding[];
}

interface Finding {
  check: string;
  verdict: Verdict;
  what: string;
  whatZh: string;
  advice?: string;
  adviceZh?: string;
}

const TONES: Record<Verdict, Tone> = { ok: "good", warn: "warn", bad: "bad" };
const WORST_FIRST: Verdict[] = ["bad", "warn", "ok"];

export function View() {
  const health = useAdmin<Health>("/health");
  const say = words.value;
  return (
    <>
      <Head hint={say.hint}>
        <button type="button" disabled={health.isLoading.value} onClick={health.reload}>
          <Icon name="reload" />
          {say.again}
        </button>
      </Head>
      <Loaded of={health}>
        {({ checkedAt, findings }) => (
          <>
            <ul class="keyed checks">
              {WORST_FIRST.flatMap((verdict) =>
                findings
                  .filter((finding) => finding.verdict === verdict)
                  .map((finding) => <Check key={finding.check} finding={finding} />),
              )}
            </ul>
            <p class="hint after">
              {say.checked} <Time at={checkedAt} />
              {say.stop}
              {say.deep} <code>mimc doctor --deep</code>
            </p>
          </>
        )}
      </Loaded>
    </>
  );
}

function Check({ finding }: { finding: Finding }) {
  const isChinese = language.value === "zh";
  const advice = isChinese ? finding.adviceZh : finding.advice;
  return (
    <li>
      <Tag tone={TONES[finding.verdict]}>{words.value.verdicts[finding.verdict]}</Tag>
      <div>
        <p>
          <Prose text={isChinese ? finding.whatZh : finding.what} />
        </p>
        {advice && (
          <p class="hint">
            <Prose text={advice} />
          </p>
        )}
      </div>
    </li>
  );
}
