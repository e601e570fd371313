export * from "./api";
export * from "./fileStore";
export * from "./store";
export * from "./wallet";
