export type { EventQuery } from "./events";
export * from "./lease";
export * from "./openStore";
export * from "./sessions";
export * from "./store";
