import type { Catalogue } from "../../i18n/language";

const en = {
  invoice: "Ask for an amount",
  invoiceHint:
    "Whoever pays the invoice gets your receipt for it, or the money back when it expires. Keep this page open until it is paid.",
  make: "Make the invoice",
  another: "Another invoice",
  waits: "Waits to be paid",
  paid: "Paid",
  paidHint: "The money is part of your balance, by a note that the system signed and this browser checked.",
  over: "It was not paid in time",
  code: "Invoice as a code to scan",
  text: "Invoice",
  link: "Link to its payment page",
  address: "Be paid any amount",
  addressHint: "Anyone with an account here can pay this address at any time, also while you are away.",
  addressCode: "Address as a code to scan",
};

const zh: typeof en = {
  invoice: "收取指定金额",
  invoiceHint: "付款人将得到您的收款凭据；到期未付则原路退回。付款前请保持本页打开。",
  make: "生成收款单",
  another: "再开一张",
  waits: "等待付款",
  paid: "已付款",
  paidHint: "款项已计入余额：系统已签发凭单，并由本浏览器验证。",
  over: "未在期限内付款",
  code: "收款单二维码",
  text: "收款单",
  link: "付款页链接",
  address: "收取任意金额",
  addressHint: "这里的任何账户都可以随时向此地址付款，您离线时也可以。",
  addressCode: "地址二维码",
};

export const receiveTexts: Catalogue<typeof en> = { en, zh };
