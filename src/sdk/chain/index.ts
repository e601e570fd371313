export { Anchor } from "./anchor";
export type { Backing } from "./backing";
export { ChainNode, type Block, type BlockTag, type Receipt } from "./chainNode";
export { DisputeHub, type PendingClose } from "./disputes";
export { Hub, type AssetOnChain, type ChannelOnChain, type Parties } from "./hub";
export { httpProvider, RpcError, type Eip1193Provider } from "./provider";
