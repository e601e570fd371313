import { mock } from "node:test";

import { trueTime } from "./time";
import type { World } from "./world";

/** Milliseconds: what runs at intervals has time to finish before it runs again. */
const STEP = 30_000;

/** When every run begins: later than the machine's own time, which the first blocks have. */
const BEGINNING = 4_000_000_000_000;

/** From here on time passes only when the driver says so, for dates, timers and durations alike. */
export function stopTime(): void {
  mock.timers.enable({ apis: ["Date", "setTimeout", "setInterval"], now: BEGINNING });
  mock.method(performance, "now", () => Date.now());
  // Of how long to wait before the next try.
  mock.method(Math, "random", () => 0.5);
}

export function releaseTime(): void {
  mock.timers.reset();
  mock.restoreAll();
}

/** Lets less time pass than there is between two blocks. */
export async function passMoment(world: World, milliseconds: number): Promise<void> {
  mock.timers.tick(milliseconds);
  await world.quiet();
}

/**
 * Lets time pass, and everything happen that was to happen meanwhile.
 * @param blockTime seconds from one block to the next at most
 */
export async function passTime(world: World, seconds: number, blockTime = 30): Promise<void> {
  for (let left = seconds * 1_000, last = world.stage.evm.head.time; left > 0; left -= STEP) {
    mock.timers.tick(Math.min(left, STEP));
    await world.quiet();
    if (left > STEP && trueTime() - last < BigInt(blockTime)) continue;
    await world.block();
    last = trueTime();
  }
}
