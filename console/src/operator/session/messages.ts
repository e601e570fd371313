import type { Catalogue } from "../../i18n/language";

const en = {
  title: "Run this service",
  lead: "See what goes on, and look after accounts, assets and keys. What you may do is what your key may do.",
  key: "API key",
  keyHint: "The operator's key, or an API key made with it. It stays in this tab and is forgotten with it.",
  enter: "Sign in",
};

const zh: typeof en = {
  title: "运营此服务",
  lead: "查看运行情况，管理账户、资产与密钥。您能做什么，取决于密钥的权限。",
  key: "API 密钥",
  keyHint: "运营方密钥，或由其创建的 API 密钥。仅保存在本标签页，关闭即忘。",
  enter: "登录",
};

export const signInTexts: Catalogue<typeof en> = { en, zh };
