export * from "./accountService";
export * from "./keystore";
export * from "./requests";
export * from "./services";
