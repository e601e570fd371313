// What runs everywhere; Node has more in `index.ts`.
export { StarledgerError, type ErrorCode } from "../errors";
export * from "./administration";
export { formatAmount, parseAmount } from "./amounts";
export * from "./api";
export { backUp, restore } from "./backup";
export * from "./chain";
export * from "./client";
export * from "./exit";
export type { EventFilter, Following, LedgerEvent } from "./follow";
export * from "./httpApi";
export { Refusal } from "./httpCalls";
export type { NamedAccount } from "./names";
export * from "./liabilities";
export * from "./operator";
export * from "./signers";
export type { SignedMessage } from "./signing";
export * from "./store";
export { IndexedDbStore } from "./stores/indexedDbStore";
export * from "./verifyReceipt";
export * from "./stream";
export * from "./verifyWebhook";
export * from "./wallet";
export {
  termsOfTower,
  towerApi,
  type ChannelPapers,
  type TowerApi,
  type TowerApiOptions,
  type TowerReport,
  type TowerStatus,
  type TowerTerms,
  type WatchtowerOptions,
} from "./watchtower";
