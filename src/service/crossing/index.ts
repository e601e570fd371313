export * from "./crossing";
export * from "./forwarder";
export { openRouter, routerOf } from "./router";
