export * from "./answers";
export * from "./calls";
export * from "./claims";
export * from "./record";
