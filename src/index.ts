export * from "./errors";
export * from "./protocol";
export * from "./service";
export { openStore, type Lease, type LeaseOptions, type Store } from "./store";
export * from "./chain";
