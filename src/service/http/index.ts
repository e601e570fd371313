export { logTo } from "../../http";
export * from "./settings";
export { createServer, type HttpOptions } from "./server";
