export * from "./chain";
export * from "./difference";
export * from "./reconcile";
