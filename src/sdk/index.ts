export * from "./api";
export * from "./fileStore";
export * from "./httpApi";
export { Refusal } from "./httpCalls";
export * from "./operator";
export * from "./store";
export * from "./wallet";
