export * from "./batches";
export * from "./crossing";
export * from "./forwarder";
export * from "./routes";
export { openRouter, routerOf } from "./router";
