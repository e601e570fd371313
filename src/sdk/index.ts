export * from "./api";
export * from "./fileStore";
export * from "./httpApi";
export * from "./store";
export * from "./wallet";
