export type * from "./config";
export * from "./development";
export type * from "./follow";
export * from "./readConfig";
export * from "./settings";
export * from "./shown";
