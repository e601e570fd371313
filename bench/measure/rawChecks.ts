import { once } from "node:events";
import { cpus } from "node:os";
import path from "node:path";

import { startThread } from "../../src/service/checks/thread";

/** What checking signatures takes, with nothing else to do. */
export interface RawChecks {
  /** By all cores together. */
  readonly perSecond: number;
  /** Microseconds of one core, whatever else the machine does. */
  readonly micros: number;
}

/** Does something; half of what the checks take is measured right before it and half right after, for a machine is not always as fast. */
export async function rawChecksAround<T>(
  act: () => Promise<T>,
  milliseconds: number,
): Promise<{ readonly result: T; readonly raw: RawChecks }> {
  const before = await rawChecks(milliseconds / 2);
  const result = await act();
  const after = await rawChecks(milliseconds / 2);
  const perSecond = Math.round((before.perSecond + after.perSecond) / 2);
  return { result, raw: { perSecond, micros: (before.micros + after.micros) / 2 } };
}

export async function rawChecks(milliseconds: number): Promise<RawChecks> {
  const workers = cpus().map(() => startThread(path.join(__dirname, "checker")));
  await Promise.all(workers.map((worker) => once(worker, "message")));
  const before = process.cpuUsage();
  const rates = workers.map(async (worker) => {
    worker.postMessage(milliseconds);
    const [rate] = (await once(worker, "message")) as [number];
    return rate;
  });
  const perSecond = (await Promise.all(rates)).reduce((total, rate) => total + rate, 0);
  const { user, system } = process.cpuUsage(before);
  await Promise.all(workers.map((worker) => worker.terminate()));
  const micros = (1000 * (user + system)) / (perSecond * milliseconds);
  return { perSecond: Math.round(perSecond), micros: Math.round(10 * micros) / 10 };
}
