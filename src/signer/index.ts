export * from "./external";
export * from "./key";
export * from "./keyFile";
export * from "./reference";
export * from "./roles";
