/** What the quick start says. */

import { inLanguage } from "../../../look/language";

const en = {
  hint: "From nothing to a first message, with the values of this app.",
  secret: "appSecret",
  secretHint: "Fills in the examples. It stays in this page and is sent nowhere.",
  languages: "Language",

  tokenTitle: "A token for alice",
  tokenHint:
    "Your backend asks for it when alice has signed in to your own app, and hands the answer to her client as it is.",
  pushTitle: "A message from your backend",
  pushHint: "Bob gets it on every device, at once or when he comes.",
  pageTitle: "A page that talks to bob",
  pageHint: "It fetches its token from your backend at /im/token.",
  listenTitle: "Bob listens in one terminal",
  sendTitle: "Alice writes in another",
  cliHint:
    "On the machine of the server, in the directory where it was started; elsewhere set MIMC_SERVER and MIMC_ADMIN_TOKEN.",
  rustTitle: "A client that comes back by itself",
  rustHint:
    "A tool or a backend may hold the secret, as here. An app that you give to people must not: it asks your backend for its token.",
  javaTitle: "MIMC's Java SDK",
  goTitle: "MIMC's Go SDK",
  sdkHint:
    "The SDK stays as it is. It fetches its token from your backend; where it finds this server is said in",
  movingGuide: "Point each SDK here",

  next: "Next",
  samples: "A complete backend in Python or Node",
  chat: "Try the demo chat",
  settings: "Set callbacks and limits",
};

const zh: typeof en = {
  hint: "用此应用的值，从零到第一条消息。",
  secret: "appSecret",
  secretHint: "用于填充示例。仅保留在此页面中，不会发送到任何地方。",
  languages: "语言",

  tokenTitle: "alice 的 Token",
  tokenHint: "alice 登录你的应用后，由你的后端获取，并将应答原样交给她的客户端。",
  pushTitle: "从后端发送消息",
  pushHint: "bob 的每台设备都会收到，立即收到或在上线时收到。",
  pageTitle: "与 bob 聊天的网页",
  pageHint: "它从你的后端 /im/token 获取 Token。",
  listenTitle: "bob 在一个终端中监听",
  sendTitle: "alice 在另一个终端中发送",
  cliHint:
    "在服务器所在机器上、启动服务器的目录中运行；在其他地方请设置 MIMC_SERVER 和 MIMC_ADMIN_TOKEN。",
  rustTitle: "自动重连的客户端",
  rustHint: "工具或后端可以像这里一样持有密钥。发给用户的应用则不可以，它应向你的后端获取 Token。",
  javaTitle: "MIMC 的 Java SDK",
  goTitle: "MIMC 的 Go SDK",
  sdkHint: "SDK 保持不变，从你的后端获取 Token；如何让它找到此服务器，见",
  movingGuide: "让各 SDK 指向此处",

  next: "下一步",
  samples: "完整的 Python 或 Node 后端示例",
  chat: "试用聊天演示",
  settings: "设置回调与限制",
};

export const words = inLanguage({ en, zh });
