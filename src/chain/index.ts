export * from "./deployment";
export * from "./hubClient";
