export type { PaymentOutcome } from "./locks";
export type { InvoiceTerms } from "./makeInvoice";
export type { Payment } from "./memory";
export type { Routed } from "./routed";
export type { CloseIntent, SystemSigners, WalletOptions } from "./options";
export { Wallet } from "./wallet";
export type { WithdrawalTerms } from "./withdraw";
