/** What the view of admin tokens says. */

import { inLanguage } from "../../../look/language";

const en = {
  hint: "Who may use the admin API and this console. The token in admin.token is always there besides.",
  newToken: "New token",
  none: "No tokens but the first",
  noneHint: "Give each person and each program one of its own: then it can be taken back alone.",
  name: "Name",
  nameHint: "Who or what will use it.",
  role: "Role",
  roles: { admin: "Admin", viewer: "Viewer" },
  roleHints: {
    viewer: "Looks at everything but secrets and payloads, and changes nothing.",
    admin: "May do everything.",
  },
  created: "Created",
  id: "Id",
  create: "Create token",
  made: "The new token",
  madeHint: "It is shown this once. Give it to who it is for.",
  kept: "I have kept it",
  token: "token",
  actions: "Actions",
  revoke: "Revoke",
  revokeQuestion: (name: string) => `Revoke ${name}?`,
  revokeHint: "It opens nothing from now on, and the sessions that began with it end.",
  revoked: "Revoked",
  unnamed: "without a name",
};

const zh: typeof en = {
  hint: "谁可以使用管理 API 和此控制台。admin.token 中的 Token 始终有效。",
  newToken: "新建 Token",
  none: "除首个 Token 外没有其他 Token",
  noneHint: "为每个人和每个程序分别创建 Token，便于单独撤销。",
  name: "名称",
  nameHint: "使用者是谁，或哪个程序。",
  role: "角色",
  roles: { admin: "管理员", viewer: "只读" },
  roleHints: {
    viewer: "可查看除机密和消息内容外的一切，不能更改。",
    admin: "可执行所有操作。",
  },
  created: "创建时间",
  id: "ID",
  create: "创建 Token",
  made: "新 Token",
  madeHint: "仅显示这一次，请交给使用者。",
  kept: "已保存",
  token: "Token",
  actions: "操作",
  revoke: "撤销",
  revokeQuestion: (name) => `撤销 ${name}？`,
  revokeHint: "该 Token 立即失效，由它开始的会话也随之结束。",
  revoked: "已撤销",
  unnamed: "未命名",
};

export const words = inLanguage({ en, zh });
