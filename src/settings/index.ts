export * from "./check";
export * from "./values";
