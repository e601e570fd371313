import { ERRORS, type ErrorCode } from "../../../src/errors";
import type { Language } from "./language";

type Told = readonly [message: string, hint: string];

/** What users meet; the rest is told in English. */
const ZH: Partial<Record<ErrorCode, Told>> = {
  insufficient_balance: ["可用余额不足。", "减少金额，或先收款。"],
  invalid_amount: ["金额不是范围内的正整数。", "请检查金额。"],
  invalid_invoice: ["这不是有效的收款单。", "请向收款人索取新的收款单。"],
  invalid_hex: ["格式不正确。", "请检查地址或哈希。"],
  hash_used: ["该哈希已被使用，或其原像已公开。", "请向收款人索取新的收款单。"],
  invoice_closed: ["收款单已付款、取消或过期。", "请向收款人索取新的收款单。"],
  bad_expiry: ["锁定时间太短或太长。", "请选择允许范围内的到期时间。"],
  self_payment: ["付款人与收款人是同一账户。", "请指定其他收款人。"],
  unknown_account: ["没有这个账户。", "请先开户。"],
  unknown_channel: ["没有这个通道。", "请先为该资产开户。"],
  unknown_asset: ["系统未列出该代币。", "请使用资产列表中的代币。"],
  unknown_alias: ["没有这个别名。", "请检查拼写，或使用地址。"],
  bad_alias: ["这不是有效的名称或地址。", "请检查拼写。"],
  channel_frozen: ["通道正在关闭。", "请等待结算；下一纪元会自动开启。"],
  withdrawal_pending: ["该通道另有一笔提现未完成。", "请等待其上链或过期。"],
  closing_pending: ["该通道的关闭尚未完成。", "请等待其上链或过期。"],
  fee_too_high: ["手续费高于您允许的上限。", "请查看当前费用后重试。"],
  not_covered: ["担保不足以覆盖此笔入账。", "运营方须增加担保。"],
  unauthorized: ["未登录，或凭证无效。", "请重新登录。"],
  forbidden: ["凭证没有此权限。", "请使用权限更大的凭证。"],
  unreachable: ["服务没有响应。", "请稍后重试。"],
  chain_unreachable: ["区块链节点没有响应。", "请检查节点，稍后重试。"],
  wrong_chain: ["连接的是另一条链、另一个合约或另一个系统。", "请切换钱包所在的链，或检查地址。"],
  store_locked: ["此钱包已在另一个标签页打开。", "请关闭另一个标签页。"],
  store_failed: ["浏览器未能保存数据。", "没有任何变化：请重试。"],
  wrong_passphrase: ["口令不正确。", "请重新输入。"],
  wrong_secret: ["密码不正确。", "请重新输入。"],
  signature_refused: ["签名被拒绝。", "请在钱包中确认。"],
  transaction_failed: ["链上交易失败。", "请检查余额与燃料费，然后重试。"],
  overloaded: ["服务繁忙。", "请稍后重试。"],
  rate_limited: ["请求过于频繁。", "请稍后重试。"],
};

/** An error's code in a reader's words. */
export function errorsIn(language: Language, code: ErrorCode): { readonly message: string; readonly hint: string } {
  const [message, hint] = (language === "zh" ? ZH[code] : undefined) ?? [ERRORS[code].message, ERRORS[code].hint];
  return { message, hint };
}
