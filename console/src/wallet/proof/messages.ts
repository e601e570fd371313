import type { Catalogue } from "../../i18n/language";

const en = {
  lead: "From time to time the system puts on the chain what it owes to all its accounts. If yours is in it with what you have, it cannot deny it to you and admit it to others.",
  none: "Nothing has been published of this asset yet.",
  onItsWay: "The first publication is on its way to the chain.",
  publication: "Publication",
  period: (period: string, time: string) => `Number ${period}, ${time}`,
  younger: "Your account had nothing in this asset when this was published.",
  yours: "Your part of it",
  total: (channels: string) => `Owed to ${channels} accounts in all`,
  asOf: "As of block",
  backing: "Backed by",
  transaction: "Published in",
  checks: {
    title: "Checked now, in this browser",
    place:
      "Your balance is in the tree that was published: the path leads to its root, and its parts add up to the total",
    published: "Root, total and statement are in the anchor contract, in a final block of your own node",
    own: (block: string) => `It is what your own records and your own node say that you had at block ${block}`,
    covered: {
      publication: "What stands behind the token is as stated, and covers the total",
      now: "What stands behind the token now covers the total; your node keeps no older state",
    },
    collateral: "Each account has tokens of its own behind it, so no total has to be covered",
  },
};

const zh: typeof en = {
  lead: "系统会不时将其对所有账户的负债公布到链上。若其中包含您的账户及余额，它就无法对您否认、对他人承认。",
  none: "此资产尚未公布过。",
  onItsWay: "首次公布正在上链。",
  publication: "公布",
  period: (period, time) => `第 ${period} 期，${time}`,
  younger: "此次公布时您的账户中没有该资产。",
  yours: "其中您的部分",
  total: (channels) => `对 ${channels} 个账户的负债合计`,
  asOf: "截至区块",
  backing: "担保",
  transaction: "公布交易",
  checks: {
    title: "刚刚在本浏览器中验证",
    place: "您的余额在所公布的树中：路径通向其根，各部分之和等于总额",
    published: "您自己的节点的最终区块中，锚定合约有其根、总额与声明",
    own: (block) => `它与您自己的记录和节点所示的区块 ${block} 时的余额一致`,
    covered: {
      publication: "代币的担保与声明一致，且足以覆盖总额",
      now: "代币当前的担保足以覆盖总额；您的节点没有更早的状态",
    },
    collateral: "每个账户都有自己的代币作担保，无需覆盖总额",
  },
};

export const proofTexts: Catalogue<typeof en> = { en, zh };
