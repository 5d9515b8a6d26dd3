/** What the overview says. */

import { inLanguage } from "../../../look/language";

const en = {
  hint: "What the server is doing now.",
  sessions: "Connections",
  apps: "Apps",
};

const zh: typeof en = {
  hint: "服务器当前的运行情况。",
  sessions: "连接数",
  apps: "应用",
};

export const words = inLanguage({ en, zh });
