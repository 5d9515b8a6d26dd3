/** What the view of the checks says. */

import { inLanguage } from "../../../look/language";

const en = {
  hint: "What the server finds when it looks at itself and its machine.",
  again: "Check again",
  checked: "Checked",
  verdicts: { ok: "Well", warn: "Attention", bad: "Trouble" },
  stop: ". ",
  deep: "A deeper look needs the server stopped:",
};

const zh: typeof en = {
  hint: "服务器检查自身与所在机器的结果。",
  again: "重新检查",
  checked: "检查于",
  verdicts: { ok: "正常", warn: "注意", bad: "故障" },
  stop: "。",
  deep: "更深入的检查需要先停止服务器：",
};

export const words = inLanguage({ en, zh });
