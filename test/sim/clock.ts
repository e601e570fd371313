import { mock } from "node:test";

import type { World } from "./world";

/** Milliseconds: what runs at intervals has time to finish before it runs again. */
const STEP = 30_000;

/** When every run begins. */
const BEGINNING = 1_800_000_000_000;

/** From here on time passes only when the driver says so, for dates and timers alike. */
export function stopTime(): void {
  mock.timers.enable({ apis: ["Date", "setTimeout", "setInterval"], now: BEGINNING });
}

export function releaseTime(): void {
  mock.timers.reset();
}

/** Lets time pass, and everything happen that was to happen meanwhile. */
export async function passTime(world: World, seconds: number): Promise<void> {
  for (let left = seconds * 1_000; left > 0; left -= STEP) {
    mock.timers.tick(Math.min(left, STEP));
    await world.quiet();
  }
}
