export * from "./answers";
export * from "./claims";
export * from "./evidence";
export * from "./findState";
export * from "./record";
