export * from "./accountService";
export * from "./caretaker";
export * from "./keystore";
export * from "./requests";
export * from "./serviceOptions";
export * from "./services";
