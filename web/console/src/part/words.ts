/** What the parts say that both pages are made of. */

import { inLanguage } from "../look/language";

const en = {
  cancel: "Cancel",
  close: "Close",
};

const zh: typeof en = {
  cancel: "取消",
  close: "关闭",
};

export const words = inLanguage({ en, zh });
