import path from "node:path";
import { Worker } from "node:worker_threads";

/** A thread does not inherit what lets this one load TypeScript. */
const LOADER = path.extname(__filename) === ".ts" ? 'require("tsx/cjs");' : "";

/**
 * Starts a thread from source and built alike.
 * @param module the full path of what it runs, without extension
 */
export function startThread(module: string, workerData?: unknown): Worker {
  return new Worker(`${LOADER} require(${JSON.stringify(module)});`, { eval: true, workerData });
}
