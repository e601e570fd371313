export * from "./lease";
export * from "./openStore";
export * from "./store";
