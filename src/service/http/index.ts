export { logTo } from "../../http";
export * from "./settings";
export type { Surroundings } from "./surroundings";
export { createServer, type HttpOptions } from "./server";
export type * from "./shownSetting";
