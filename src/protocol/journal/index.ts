export * from "./head";
export * from "./verify";
