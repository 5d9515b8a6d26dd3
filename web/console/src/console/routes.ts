/**
 * Every view and its address. A new view is one line here and one folder below view/; README.md of
 * this package says how.
 */

import type { ComponentType } from "preact";
import type { Language } from "../look/language";
import type { IconName } from "./part/icon";
import type { Params } from "./route_match";

export interface ViewProps {
  /** What the address names: `params.app` of "/apps/:app". */
  params: Params;
}

export interface Route {
  path: string;
  title: Record<Language, string>;
  /** Where the navigation shows it; those of an app only while one is chosen. */
  menu?: "server" | "app" | "tools";
  icon?: IconName;
  /** The view, loaded when it is first shown. */
  load: () => Promise<{ View: ComponentType<ViewProps> }>;
}

// biome-ignore format: one line for each view
export const routes: readonly Route[] = [
  { path: "/", title: { en: "Overview", zh: "概览" }, menu: "server", icon: "overview", load: () => import("./view/overview/overview") },
  { path: "/apps", title: { en: "Apps", zh: "应用" }, menu: "server", icon: "apps", load: () => import("./view/apps/list") },
  { path: "/health", title: { en: "Health", zh: "健康检查" }, menu: "server", icon: "health", load: () => import("./view/health/health") },
  { path: "/configuration", title: { en: "Configuration", zh: "配置" }, menu: "server", icon: "configuration", load: () => import("./view/configuration/configuration") },
  { path: "/tokens", title: { en: "Admin tokens", zh: "管理 Token" }, menu: "server", icon: "key", load: () => import("./view/tokens/tokens") },

  { path: "/apps/:app", title: { en: "Settings", zh: "设置" }, menu: "app", icon: "settings", load: () => import("./view/apps/app") },
  { path: "/apps/:app/start", title: { en: "Quick start", zh: "快速上手" }, menu: "app", icon: "start", load: () => import("./view/start/start") },
  { path: "/apps/:app/accounts", title: { en: "Accounts", zh: "账号" }, menu: "app", icon: "accounts", load: () => import("./view/accounts/list") },
  { path: "/apps/:app/accounts/:account", title: { en: "Account", zh: "账号" }, load: () => import("./view/accounts/account") },
  { path: "/apps/:app/topics", title: { en: "Groups", zh: "群" }, menu: "app", icon: "topics", load: () => import("./view/topics/list") },
  { path: "/apps/:app/topics/:topic", title: { en: "Group", zh: "群" }, load: () => import("./view/topics/topic") },
  { path: "/apps/:app/callbacks", title: { en: "Callbacks", zh: "回调" }, menu: "app", icon: "callbacks", load: () => import("./view/callbacks/list") },
  { path: "/apps/:app/callbacks/verify", title: { en: "Verify a signature", zh: "验证签名" }, load: () => import("./view/callbacks/verify") },
  { path: "/apps/:app/callbacks/:callback", title: { en: "Callback", zh: "回调" }, load: () => import("./view/callbacks/callback") },
  { path: "/apps/:app/trace", title: { en: "Why did it not arrive?", zh: "为什么没有送达？" }, menu: "app", icon: "trace", load: () => import("./view/trace/trace") },

  { path: "/tools/tokens", title: { en: "Token lab", zh: "Token 实验室" }, menu: "tools", icon: "key", load: () => import("./view/playground/token_lab") },
  { path: "/tools/frames", title: { en: "Frame decoder", zh: "帧解码器" }, menu: "tools", icon: "playground", load: () => import("./view/playground/frame_decoder") },
  { path: "/tools/chat", title: { en: "Two accounts", zh: "双账号对话" }, menu: "tools", icon: "chat", load: () => import("./view/playground/two_accounts") },
  { path: "/tools/api", title: { en: "API explorer", zh: "API 调试" }, menu: "tools", icon: "callbacks", load: () => import("./view/playground/api_explorer") },
];
