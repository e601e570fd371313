export { localSigner, newKey } from "./localSigner";
export type { Signer, Transaction } from "./signer";
export { typedData } from "./typedData";
export { walletSigner } from "./walletSigner";
