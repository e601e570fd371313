export * from "./errors";
export * from "./protocol";
export * from "./service";
export { SqliteStore, type Store } from "./store";
export * from "./chain";
