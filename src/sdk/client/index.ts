export type { Balance } from "./balances";
export type { Background } from "./client";
export { Client } from "./client";
export { connect, type ConnectOptions } from "./connect";
export type { HistoryEntry } from "./history";
export type { LeaveOptions } from "./leaving";
export type { PaymentOrder, PaymentReceipt, RefundOrder } from "./payments";
export { formatRequest, parseRequest, type PaymentRequest } from "./paymentRequest";
export type { PublicationCheck } from "./publications";
