export * from "./app";
export * from "./connections";
export * from "./document";
export * from "./drain";
export * from "./logging";
export * from "./problems";
export * from "./proxies";
export * from "./methods";
