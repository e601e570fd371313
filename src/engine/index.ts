export * from "./commands";
export * from "./journal";
export * from "./ledger";
export * from "./outcomes";
export * from "./records";
export * from "./step";
export * from "./view";
