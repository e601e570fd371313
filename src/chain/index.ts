export * from "./connect";
export * from "./deployment";
export * from "./dispute";
export * from "./hubClient";
export { isPublished } from "./liabilities";
export { answered } from "./hubErrors";
export type { NodeProvider } from "./node";
export * from "./preimageRegistry";
