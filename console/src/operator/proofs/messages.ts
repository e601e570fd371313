import type { Catalogue } from "../../i18n/language";

const en = {
  title: "Proof of liabilities",
  lead: "What you owe in all, put on the chain from time to time. Every customer's wallet looks for its own balance in it, and tells its owner if it is not there.",
  publicPage: "The page for anyone",
  publish: "Publish now",
  publishSays: (symbol: string) =>
    `Puts on the chain what you owe to all accounts in ${symbol} now, paid by your account for gas. It stays there for good, and every customer checks it. While one is on its way, there is no other.`,
  none: "Nothing has been published of this asset yet.",
  noAnchor: "The deployment has no contract to publish in.",
  period: "Number",
  accounts: "Accounts",
  total: "Owed in all",
  transactions: "Transactions",
  statuses: { sent: "On its way", final: "Final", failed: "Refused by the chain" },
};

const zh: typeof en = {
  title: "负债证明",
  lead: "不时公布到链上的全部负债。每位客户的钱包都会在其中查找自己的余额，若没有便告知其主人。",
  publicPage: "公开页面",
  publish: "立即公布",
  publishSays: (symbol) =>
    `将您目前以 ${symbol} 对所有账户的负债公布到链上，由您的燃料费账户支付。它将永久留存，每位客户都会核对。前一次未完成时不会有新的公布。`,
  none: "此资产尚未公布过。",
  noAnchor: "部署中没有用于公布的合约。",
  period: "期数",
  accounts: "账户数",
  total: "负债合计",
  transactions: "交易",
  statuses: { sent: "正在上链", final: "已最终确认", failed: "被链拒绝" },
};

export const proofsTexts: Catalogue<typeof en> = { en, zh };
