/** What the parts of the console say. */

import { count } from "../../look/figures";
import { inLanguage } from "../../look/language";

const en = {
  copy: (what: string) => `Copy ${what}`,
  copied: "Copied",
  reveal: (what: string) => `Show ${what}`,
  notes: "Notes",
  dismiss: "Dismiss",
  unreachable: "The server does not answer. Is it running?",
  missing: "There is no such thing here",
  failed: "That did not work",
  retry: "Try again",
  stale: (why: string) => `What you see may be out of date. ${why}`,
  loading: "Loading…",
  measuring: "The first figures come in a moment.",
  typeToConfirm: (what: string) => `Type ${what} to confirm`,
  rows: (many: number) => `${count(many)} rows`,
  more: "More",
  loadingMore: "Loading more…",
};

const zh: typeof en = {
  copy: (what) => `复制${what}`,
  copied: "已复制",
  reveal: (what) => `显示${what}`,
  notes: "通知",
  dismiss: "关闭",
  unreachable: "服务器无响应，它在运行吗？",
  missing: "这里没有此内容",
  failed: "操作未成功",
  retry: "重试",
  stale: (why) => `当前内容可能已过期。${why}`,
  loading: "加载中…",
  measuring: "即将显示首批数据。",
  typeToConfirm: (what) => `请输入 ${what} 以确认`,
  rows: (many) => `共 ${count(many)} 行`,
  more: "更多",
  loadingMore: "正在加载…",
};

export const words = inLanguage({ en, zh });
