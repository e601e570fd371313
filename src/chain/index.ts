export * from "./connect";
export { readDeployment, type Deployment } from "./deployment";
export * from "./dispute";
export * from "./hubClient";
export { isPublished } from "./liabilities";
export { answered } from "./hubErrors";
export type { NodeProvider } from "./node";
export * from "./preimageRegistry";
