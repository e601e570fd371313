import type { Catalogue } from "../i18n/language";

const en = {
  title: "Wallet",
  sections: {
    overview: "Balances",
    receive: "Receive",
    pay: "Pay",
    activity: "Activity",
    chain: "Deposit & withdraw",
    proof: "Proof",
    towers: "Watchtower",
    leave: "Leave",
    key: "Key & backup",
  },
  lock: "Lock",
  available: "Available",
  locked: "In conditional payments",
  promised: "Promised to you",
  withdrawing: "On its way to the chain",
  closing: "Closing",
  closingHint: "This channel is being closed: nothing can be paid or received until it is settled.",
  meanwhile: {
    unreachable: {
      title: "The service does not answer",
      says: [
        "Nothing can be paid or received until it does; this page goes on trying. What you see is what your own records and the chain say.",
        "Your money does not wait for the operator: with what is in this browser you can leave alone.",
      ],
    },
    resynchronising: {
      title: "Beginning anew after a loss of data",
      says: [
        "The service, or this wallet, has lost some of its records. Nothing is paid or received meanwhile, so that nothing of what was lost can be used against either of you.",
        "Then each shows the latest that it has, both sign a new beginning on the best of it, and the wallet is as before. It happens by itself while this page is open, or when you come back.",
        "Until then the balance shown is what your own records say. If you would rather not rely on the service, you can leave alone.",
      ],
    },
    until: (time: string) => `Not before ${time}, and once every conditional payment has ended.`,
    leave: "How to leave",
  },
  recent: "Latest activity",
  all: "All activity",
  nothingYet: "Nothing has happened yet. Receive something to begin with.",
  checked: "Checked in this browser",
  notOpen: {
    title: "The account is not open yet",
    lead: "Opening an account costs nothing, and is for the operator to allow. Send this address to the operator, or enter an invitation.",
    address: "Your address",
    invitation: "Invitation",
    invitationHint: "What an invitation link has after its “#invitation=”.",
    use: "Open the account",
    system: "At the system",
    otherSystem: "Choose another",
    waiting: "This page goes on by itself as soon as the account is open.",
  },
};

const zh: typeof en = {
  title: "钱包",
  sections: {
    overview: "余额",
    receive: "收款",
    pay: "付款",
    activity: "明细",
    chain: "充值与提现",
    proof: "负债证明",
    towers: "瞭望塔",
    leave: "退出",
    key: "密钥与备份",
  },
  lock: "锁定",
  available: "可用",
  locked: "条件付款中",
  promised: "待您领取",
  withdrawing: "正在上链",
  closing: "关闭中",
  closingHint: "该通道正在关闭：结算之前无法收付。",
  meanwhile: {
    unreachable: {
      title: "服务没有响应",
      says: [
        "恢复之前无法收付，本页会继续尝试。您看到的是您自己的记录与链上的数据。",
        "您的资金不依赖运营方：凭本浏览器保存的内容即可自行退出。",
      ],
    },
    resynchronising: {
      title: "数据丢失后重新开始",
      says: [
        "服务或本钱包丢失了部分记录。在此期间不收不付，以免有人利用丢失的内容损害任何一方。",
        "之后双方出示各自最新的记录，并以其中最优者共同签署新的起点，钱包即恢复如常。保持本页打开或稍后再来，均会自动完成。",
        "在此之前，所示余额以您自己的记录为准。若不愿依赖服务，可自行退出。",
      ],
    },
    until: (time) => `不早于 ${time}，且须等所有条件付款结束。`,
    leave: "如何退出",
  },
  recent: "最近明细",
  all: "全部明细",
  nothingYet: "还没有任何记录。先收一笔款吧。",
  checked: "已在本浏览器中验证",
  notOpen: {
    title: "账户尚未开通",
    lead: "开户免费，但需运营方许可。请把此地址发给运营方，或输入邀请码。",
    address: "您的地址",
    invitation: "邀请码",
    invitationHint: "邀请链接中“#invitation=”之后的内容。",
    use: "开户",
    system: "所在系统",
    otherSystem: "另选",
    waiting: "账户开通后，本页会自动继续。",
  },
};

export const walletTexts: Catalogue<typeof en> = { en, zh };
