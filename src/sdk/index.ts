export * from "./api";
export * from "./fileStore";
export * from "./httpApi";
export type { SignedMessage } from "./signing";
export * from "./store";
export * from "./wallet";
