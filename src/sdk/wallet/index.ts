export type { InvoiceTerms } from "./makeInvoice";
export type { CloseIntent, SystemSigners, WalletOptions } from "./options";
export { Wallet } from "./wallet";
export type { SignedWithdrawal, WithdrawalTerms } from "./withdraw";
