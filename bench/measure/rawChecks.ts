import { once } from "node:events";
import { cpus } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";

// A thread does not inherit what loads TypeScript.
const ENTRY = 'require("tsx/cjs"); require(require("node:worker_threads").workerData);';

/** How many signatures a second all cores together can check, with nothing else to do. */
export async function rawChecksPerSecond(milliseconds: number): Promise<number> {
  const workers = cpus().map(() => new Worker(ENTRY, { eval: true, workerData: path.join(__dirname, "checker.ts") }));
  await Promise.all(workers.map((worker) => once(worker, "online")));
  const rates = workers.map(async (worker) => {
    worker.postMessage(milliseconds);
    const [rate] = (await once(worker, "message")) as [number];
    return rate;
  });
  const sum = (await Promise.all(rates)).reduce((total, rate) => total + rate, 0);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return Math.round(sum);
}
