/** What the view of the configuration says. */

import { inLanguage } from "../../../look/language";

const en = {
  hint: "What is in force, and where it was set. Changes are made in the file, the environment or the flags, and need a restart.",
  search: "Search",
  searchHint: "A key, a value, a word",
  onlySet: "Only what was set",
  sources: { default: "Default", file: "File", environment: "Environment", flag: "Flag" },
  secret: "a secret",
  empty: "empty",
  none: "No key is like that",
  noneHint: "Search for something shorter, or show all of them.",
  all: "Show all",
  shown: (many: string, all: string) => `${many} of ${all} keys`,
};

const zh: typeof en = {
  hint: "当前生效的配置及其来源。请在文件、环境变量或启动参数中修改，重启后生效。",
  search: "搜索",
  searchHint: "键、值或关键词",
  onlySet: "仅显示已设置的项",
  sources: { default: "默认", file: "文件", environment: "环境变量", flag: "启动参数" },
  secret: "机密",
  empty: "空",
  none: "没有匹配的配置项",
  noneHint: "缩短关键词，或显示全部。",
  all: "显示全部",
  shown: (many, all) => `${many} / ${all} 项`,
};

export const words = inLanguage({ en, zh });
