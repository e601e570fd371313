export * from "./fees";
export * from "./item";
export * from "./outbox";
export * from "./plan";
export * from "./purse";
export * from "./tasks";
