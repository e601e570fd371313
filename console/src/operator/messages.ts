import type { Catalogue } from "../i18n/language";

const en = {
  title: "Operator",
  system: "System",
  asOperator: "Signed in as the operator",
  asKey: (id: string) => `Signed in with key ${id}…`,
  signOut: "Sign out",
  pages: {
    overview: "Overview",
    accounts: "Accounts",
    payments: "Payments",
    assets: "Assets",
    withdrawals: "Withdrawals",
    disputes: "Disputes",
    events: "Events",
    webhooks: "Webhooks",
    keys: "API keys",
    books: "Reconciliation",
    proofs: "Proof of liabilities",
    status: "Status",
    settings: "Settings",
  },
  previous: "Newer",
  next: "Older",
  everything: "All",
  details: "Details",
};

const zh: typeof en = {
  title: "运营",
  system: "系统",
  asOperator: "以运营方身份登录",
  asKey: (id) => `以密钥 ${id}… 登录`,
  signOut: "退出登录",
  pages: {
    overview: "概览",
    accounts: "账户",
    payments: "付款",
    assets: "资产",
    withdrawals: "提现",
    disputes: "争议",
    events: "事件",
    webhooks: "Webhook",
    keys: "API 密钥",
    books: "对账",
    proofs: "负债证明",
    status: "状态",
    settings: "设置",
  },
  previous: "较新",
  next: "较旧",
  everything: "全部",
  details: "详情",
};

export const operatorTexts: Catalogue<typeof en> = { en, zh };
