export * from "./connect";
export * from "./deployment";
export * from "./dispute";
export * from "./hubClient";
export { answered } from "./hubErrors";
export * from "./preimageRegistry";
