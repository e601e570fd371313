export { logTo } from "./logging";
export * from "./settings";
export { createServer, type HttpOptions } from "./server";
