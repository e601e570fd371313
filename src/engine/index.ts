export * from "./commands";
export * from "./conservation";
export * from "./events";
export * from "./ledger";
export * from "./outcomes";
export * from "./records";
export * from "./step";
export * from "./view";
