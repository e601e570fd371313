export * from "./sqlite";
export * from "./store";
