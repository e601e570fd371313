export * from "./accountService";
export * from "./keystore";
export * from "./requests";
