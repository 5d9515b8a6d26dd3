/** What the frame of the console says. Each view has words of its own. */

import { inLanguage } from "../look/language";

const en = {
  skip: "Skip to the content",
  menu: "Menu",
  server: "Server",
  app: "App",
  tools: "Tools",
  navigation: "Console",
  chooseApp: "Choose an app",
  elsewhere: "Elsewhere",
  chat: "Demo chat",
  docs: "Documentation",
  search: "Search",
  theme: "Theme",
  auto: "Auto",
  light: "Light",
  dark: "Dark",
  language: "Language",
  signOut: "Sign out",
  roles: { admin: "Admin", viewer: "Viewer, read only" },

  nothingHere: "There is nothing at this address",
  toOverview: "To the overview",
  notLoaded:
    "This view could not be loaded. If the server runs, loading the page again helps: it may have been updated.",
  reload: "Load the page again",

  welcome: "Sign in to OpenMIMC",
  welcomeHint: "See your apps, your server and what becomes of each message.",
  token: "Admin token",
  tokenHint:
    "It is in the file admin.token of the data directory, or an admin has made one for you.",
  linkHint:
    "The server prints a link that signs you in once when it starts for the first time, and always with --dev. The command mimc console prints another.",
  signIn: "Sign in",
  signingIn: "Signing in…",
  wrongToken: "This is no admin token of this server.",
  usedLink:
    "This sign-in link is not valid: it works once, for a short time, and only until the server starts again. Use the admin token.",
  sessionEnded: "Your session has ended. Sign in to go on where you were.",

  palette: "Go to a page or an app",
  paletteHint: "Type a name",
  noneFound: "Nothing has this name.",
  help: "Keyboard",
  keys: {
    search: "Search pages and apps",
    help: "This list",
    goOverview: "Overview",
    goApps: "Apps",
    escape: "Close what is open",
    move: "Move in lists and tabs",
  },
  followedBy: "then",
};

const zh: typeof en = {
  skip: "跳到正文",
  menu: "菜单",
  server: "服务器",
  app: "应用",
  tools: "工具",
  navigation: "控制台",
  chooseApp: "选择应用",
  elsewhere: "其他页面",
  chat: "聊天演示",
  docs: "文档",
  search: "搜索",
  theme: "主题",
  auto: "自动",
  light: "浅色",
  dark: "深色",
  language: "语言",
  signOut: "退出登录",
  roles: { admin: "管理员", viewer: "只读" },

  nothingHere: "此地址没有内容",
  toOverview: "前往概览",
  notLoaded: "此页面未能加载。如果服务器正在运行，请重新加载页面：它可能已升级。",
  reload: "重新加载",

  welcome: "登录 OpenMIMC",
  welcomeHint: "查看应用、服务器，以及每条消息的去向。",
  token: "管理 Token",
  tokenHint: "位于数据目录的 admin.token 文件中，或由管理员为你创建。",
  linkHint:
    "首次启动时，以及每次以 --dev 启动时，服务器会输出一次性登录链接。命令 mimc console 可再次生成。",
  signIn: "登录",
  signingIn: "正在登录…",
  wrongToken: "这不是此服务器的管理 Token。",
  usedLink: "此登录链接无效：它只能使用一次，短时间内有效，服务器重启后失效。请使用管理 Token。",
  sessionEnded: "会话已结束。重新登录后可继续之前的操作。",

  palette: "前往页面或应用",
  paletteHint: "输入名称",
  noneFound: "没有找到。",
  help: "键盘快捷键",
  keys: {
    search: "搜索页面和应用",
    help: "显示此列表",
    goOverview: "概览",
    goApps: "应用",
    escape: "关闭已打开的内容",
    move: "在列表和标签页中移动",
  },
  followedBy: "再按",
};

export const words = inLanguage({ en, zh });
