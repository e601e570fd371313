export * from "./browser";
export { externalSigner } from "./signers/externalSigner";
export { FileStore } from "./stores/fileStore";
