export * from "./api";
export * from "./chain";
export * from "./client";
export * from "./httpApi";
export * from "./signers";
export type { SignedMessage } from "./signing";
export * from "./store";
export { FileStore } from "./stores/fileStore";
export * from "./wallet";
