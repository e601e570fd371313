import type { Catalogue } from "../../i18n/language";

const en = {
  records: "Backup of the records",
  recordsHint:
    "All states and notes of this account, encrypted with a passphrase: what proves your money. It does not hold the key. Make one now and then; a newer one replaces the older.",
  passphrase: "Passphrase of the backup",
  download: "Download the backup",
  restore: "Restore a backup",
  restoreHint:
    "Into a wallet that has no records yet, on a new device. What was signed later is taken over from the service, checked.",
  restoreFile: "Backup file",
  restored: "Restored. Unlock the wallet to go on.",
  key: "Key",
  keyFile: "Download the key file",
  keyFileHint: "The key, encrypted with this browser's password, as other wallets and the command line read it.",
  showPhrase: "Show the recovery phrase",
  noPhrase: "This key was not made from a phrase: keep the key file.",
  password: "Password of this wallet",
  show: "Show",
  injected: "The key is in the browser's wallet, which keeps it.",
  identity: "Whom the account is with",
  identityHint: "Remembered since this browser first used the account; anything else is refused.",
  account: "Account",
  system: "System",
  hub: "Contract",
  chain: "Chain",
  trust:
    "This page comes from the service itself. Who does not want to trust it with the page uses the same SDK in a program of their own, or the command line.",
};

const zh: typeof en = {
  records: "记录备份",
  recordsHint: "此账户的全部状态与凭单，用口令加密：它们证明您的资金，但不含密钥。请不时备份；新的替代旧的。",
  passphrase: "备份口令",
  download: "下载备份",
  restore: "恢复备份",
  restoreHint: "恢复到新设备上尚无记录的钱包。之后签署的内容会从服务处接管并验证。",
  restoreFile: "备份文件",
  restored: "已恢复。请解锁钱包以继续。",
  key: "密钥",
  keyFile: "下载密钥文件",
  keyFileHint: "用本浏览器密码加密的密钥，其他钱包和命令行均可读取。",
  showPhrase: "显示助记词",
  noPhrase: "此密钥并非由助记词生成：请保存密钥文件。",
  password: "此钱包的密码",
  show: "显示",
  injected: "密钥由浏览器钱包保管。",
  identity: "账户的对方",
  identityHint: "自本浏览器首次使用该账户起即被记住；其他一律拒绝。",
  account: "账户",
  system: "系统",
  hub: "合约",
  chain: "链",
  trust: "本页面由服务方提供。若不愿信任该页面，可在自己的程序或命令行中使用同一 SDK。",
};

export const keyTexts: Catalogue<typeof en> = { en, zh };
