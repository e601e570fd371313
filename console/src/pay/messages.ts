import type { Catalogue } from "../i18n/language";

const en = {
  title: "Invoice",
  lead: (host: string) => `Payable from any account at ${host}.`,
  payee: "Payee",
  until: "Until",
  left: "Time left",
  expired: "This invoice has expired. Ask the payee for a new one.",
  foreign: "This invoice asks for an asset that is not listed here, or is of another service.",
  payHere: "Pay from the wallet in this browser",
  orScan: "Or scan it with a wallet on your phone",
  code: "Invoice as a code to scan",
  copy: "Or copy it into a wallet",
  checks: "Checked in this browser",
  signed: "The payee signed this invoice, for this service's chain and contract",
};

const zh: typeof en = {
  title: "收款单",
  lead: (host) => `可由 ${host} 的任何账户支付。`,
  payee: "收款人",
  until: "截止",
  left: "剩余时间",
  expired: "此收款单已过期，请向收款人索取新的。",
  foreign: "此收款单要求的资产未在此列出，或属于其他服务。",
  payHere: "用本浏览器中的钱包付款",
  orScan: "或用手机钱包扫描",
  code: "收款单二维码",
  copy: "或复制到钱包",
  checks: "已在本浏览器中验证",
  signed: "收款人为本服务的链与合约签署了此收款单",
};

export const payPageTexts: Catalogue<typeof en> = { en, zh };
