/** What the views of apps say. */

import { inLanguage } from "../../../look/language";

const en = {
  hint: "An app has accounts, groups and messages of its own, and keys with which its backend asks for tokens.",
  newApp: "New app",
  none: "No apps yet",
  noneHint: "Make one to get an appId, appKey and appSecret, or bring an app that exists at MIMC.",
  noneForViewer: "An admin can make one.",
  name: "Name",
  nameHint: "For people; it can be in any language.",
  package: "Package",
  packageHint: "What clients call themselves, as com.example.shop.",
  created: "Created",
  state: "State",
  active: "Active",
  banned: "Banned",
  create: "Create app",
  moves: "It exists at MIMC and moves here",
  movesHint:
    "Then it keeps its appId, appKey and appSecret, and its clients need nothing but the new address.",
  movesGuide: "The guide to moving",

  keys: (name: string) => `Keys of ${name}`,
  keysHint:
    "The appSecret is shown this once. Keep it where only your backend reads it; a lost one can only be replaced.",
  callbackSecretHint: "With it your backend checks that a callback is from this server.",
  kept: "I have kept it",
};

const zh: typeof en = {
  hint: "每个应用有自己的账号、群和消息，以及供其后端获取令牌的密钥。",
  newApp: "新建应用",
  none: "还没有应用",
  noneHint: "新建一个应用以获得 appId、appKey 和 appSecret，或迁入已有的 MIMC 应用。",
  noneForViewer: "管理员可以新建应用。",
  name: "名称",
  nameHint: "供人阅读，可以是任何语言。",
  package: "包名",
  packageHint: "客户端的标识，例如 com.example.shop。",
  created: "创建时间",
  state: "状态",
  active: "正常",
  banned: "已封禁",
  create: "创建应用",
  moves: "这是要迁入的 MIMC 应用",
  movesHint: "迁入后保留原有的 appId、appKey 和 appSecret，客户端只需更换地址。",
  movesGuide: "迁移指南",

  keys: (name) => `${name} 的密钥`,
  keysHint: "appSecret 仅显示这一次。请保存在只有后端能读取的地方；遗失后只能更换。",
  callbackSecretHint: "后端用它验证回调确实来自此服务器。",
  kept: "已保存",
};

export const words = inLanguage({ en, zh });
