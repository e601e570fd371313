import { setTimeout as delay } from "node:timers/promises";

import { StarledgerError } from "../../../src/errors";
import { toHash, type Address, type Hash } from "../../../src/protocol";
import type { Random } from "../random";

/** A payment that was asked for, under a reference of its own. */
export interface Order {
  readonly from: Address;
  readonly to: Address;
  readonly amount: bigint;
  readonly reference: Hash;
}

/** What became of it, as the payer was told: refused for this reason, or carried out. */
export interface Payment extends Order {
  readonly refusal: string | null;
}

/** Somebody who pays. */
export interface Payer {
  readonly account: Address;
  readonly pay: (order: Order) => Promise<unknown>;
}

/** Milliseconds between two tries. */
const RETRY = 50;

/**
 * Lets everybody pay everybody, one payment after the other each, until it is over, and insist on an answer to each payment
 * even after that. Of ten payments one is of more than anybody has.
 */
export async function payUntil(isOver: () => boolean, payers: readonly Payer[], random: Random): Promise<Payment[]> {
  const accounts = payers.map(({ account }) => account);
  const payments: Payment[] = [];
  const work = async ({ account: from, pay }: Payer): Promise<void> => {
    while (!isOver()) {
      const others = accounts.filter((one) => one !== from);
      const order: Order = {
        from,
        to: others[random.between(0, others.length - 1)]!,
        amount: random.chance(0.1) ? 10n ** 15n : BigInt(random.between(1, 1_000)),
        reference: toHash(`0x${random.bytes().toString("hex")}`),
      };
      payments.push({ ...order, refusal: await insist(() => pay(order)) });
    }
  };
  await Promise.all(payers.map(work));
  return payments;
}

/** Asks again while that can help. */
async function insist(call: () => Promise<unknown>): Promise<string | null> {
  for (;;) {
    try {
      await call();
      return null;
    } catch (error) {
      if (!(error instanceof StarledgerError)) throw error;
      if (!error.retryable) return error.code;
      await delay(RETRY);
    }
  }
}
