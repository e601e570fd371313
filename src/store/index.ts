export * from "./json";
export * from "./sqlite";
export * from "./store";
