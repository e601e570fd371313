export * from "./deployment";
export * from "./dispute";
export * from "./hubClient";
export * from "./preimageRegistry";
