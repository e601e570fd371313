import { setTimeout as delay } from "node:timers/promises";

import { StarledgerError } from "../../../src/errors";
import { toHash, type Address } from "../../../src/protocol";
import type { Payer, Payment } from "../crash/payers";
import type { Random } from "../random";

/** Milliseconds between two tries. */
const RETRY = 50;

/** How those fared who do nothing wrong. */
export interface Fared {
  /** Milliseconds of each call that was answered at once. */
  readonly latencies: number[];
  /** Calls that had to be made again, by why. */
  readonly again: Record<string, number>;
}

/** Calls until there is an answer; only what the first try gives is measured. */
async function measured<T>(fared: Fared, call: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    const result = await call();
    fared.latencies.push(performance.now() - began);
    return result;
  } catch (error) {
    if (!(error instanceof StarledgerError) || !error.retryable) throw error;
    fared.again[error.code] = (fared.again[error.code] ?? 0) + 1;
    for (;;) {
      await delay(RETRY);
      try {
        return await call();
      } catch (later) {
        if (!(later instanceof StarledgerError) || !later.retryable) throw later;
      }
    }
  }
}

/** Whoever pays and reads, one call after the other, until it is over. */
export interface Honest extends Payer {
  /** What it reads beside each payment. */
  readonly read: () => Promise<unknown>;
  /** Milliseconds between one payment and the next. */
  readonly pace: number;
}

/** @param to whom all of them pay */
export async function payAndRead(
  isOver: () => boolean,
  honest: readonly Honest[],
  to: Address,
  random: Random,
): Promise<{ readonly fared: Fared; readonly payments: readonly Payment[] }> {
  const fared: Fared = { latencies: [], again: {} };
  const payments: Payment[] = [];
  const live = async ({ account: from, pay, read, pace }: Honest): Promise<void> => {
    while (!isOver()) {
      const reference = toHash(`0x${random.bytes().toString("hex")}`);
      const order = { from, to, amount: BigInt(random.between(1, 100)), reference };
      await measured(fared, () => pay(order));
      payments.push({ ...order, refusal: null });
      await measured(fared, read);
      await delay(pace);
    }
  };
  await Promise.all(honest.map(live));
  return { fared, payments };
}
