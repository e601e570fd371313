import type { Catalogue } from "../../i18n/language";

const en = {
  asset: "Which asset",
  together: "Close together with the operator",
  togetherHint:
    "Both sides sign the end: your whole balance is paid out on the chain at once. The channel is open again right after.",
  close: "Close and pay out",
  closed: "Closed and paid out",
  alone: "Leave without the operator",
  aloneHint:
    "With what this browser holds, your key and any node, without any help of the operator. The chain's contract pays you what the latest signed state and notes say, after the time in which the other side may answer.",
  aloneWarning: "From the first step on the channel signs nothing more until it is settled.",
  look: "Show the next step",
  next: "Next step",
  do: "Do this step",
  stop: "Stop here",
  resumed: "It can be left and taken up again here at any time: the chain says where it is.",
  due: "Due to you",
  backing: "Behind it",
  closing: "Close pending",
  no: "No",
  bySystem: "By the system",
  byYou: "By you",
  answersUntil: "Answers until",
  settledFrom: "Settlement from",
  done: "Done so far",
  transaction: (step: string, gas: string) => `${step}: ${gas} gas`,
  steps: {
    register: (count: number) => `Register ${count} preimage(s), so that what they claim counts for good`,
    agree: (due: string) => `Close as you and the system agreed: ${due} to you at once`,
    closeHumbly: (due: string, fee: string) =>
      `Close humbly: ${due} due. No penalty is possible; ${fee} ETH go along and come back unless something newer by two is shown`,
    close: (due: string) => `Close: ${due} due. If something newer by two exists, all of it is lost`,
    challenge: (version: string) => `Answer the close with your state ${version}`,
    prove: (seq: string) => `Show your note ${seq}`,
    settle: (due: string) => `Settle: ${due} to you`,
    collect: (count: number) => `Collect what waits for you (${count})`,
    wait: (until: string) => `Wait until ${until}`,
    finished: "Nothing is left to do",
  },
};

const zh: typeof en = {
  asset: "选择资产",
  together: "与运营方共同关闭",
  togetherHint: "双方签署终止：全部余额立即在链上支付，通道随后重新开启。",
  close: "关闭并支付",
  closed: "已关闭并支付",
  alone: "无需运营方，自行退出",
  aloneHint:
    "凭本浏览器保存的内容、您的密钥和任一节点即可，无需运营方协助。对方应答期过后，链上合约按最新签署的状态与凭单支付给您。",
  aloneWarning: "从第一步起，该通道在结算前不再签署任何内容。",
  look: "查看下一步",
  next: "下一步",
  do: "执行此步骤",
  stop: "到此为止",
  resumed: "可随时离开并在此继续：进度由链上记录。",
  due: "应付给您",
  backing: "担保",
  closing: "关闭进行中",
  no: "否",
  bySystem: "由系统发起",
  byYou: "由您发起",
  answersUntil: "应答截止",
  settledFrom: "可结算时间",
  done: "已完成",
  transaction: (step, gas) => `${step}：${gas} gas`,
  steps: {
    register: (count) => `登记 ${count} 个原像，使其主张永久有效`,
    agree: (due) => `按您与系统的约定关闭：立即支付给您 ${due}`,
    closeHumbly: (due, fee) =>
      `谦让关闭：应付 ${due}。不会受罚；附带 ${fee} ETH，除非对方出示新两个版本以上的状态，否则退还`,
    close: (due) => `关闭：应付 ${due}。若存在新两个版本以上的状态，将全部没收`,
    challenge: (version) => `以您的状态 ${version} 应答`,
    prove: (seq) => `出示您的凭单 ${seq}`,
    settle: (due) => `结算：支付给您 ${due}`,
    collect: (count) => `领取等待您的款项（${count}）`,
    wait: (until) => `等待至 ${until}`,
    finished: "没有需要做的了",
  },
};

export const leaveTexts: Catalogue<typeof en> = { en, zh };
export type LeaveTexts = typeof en;
