export { createServer, type HttpOptions } from "./server";
