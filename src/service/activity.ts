import type { EventType } from "../engine";
import type { Address } from "../protocol";
import type { ActivityTable } from "../store";

/** What happened in an asset from `time` (Unix milliseconds) on, for one period; amounts are base units. */
export interface PeriodOfActivity {
  readonly time: number;
  readonly payments: number;
  readonly volume: bigint;
  readonly issued: bigint;
  readonly deposited: bigint;
  readonly withdrawn: bigint;
  readonly redeemed: bigint;
  readonly fees: bigint;
}

/** From the period with the moment `from` on, and before `to`, in Unix milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Of a period, in milliseconds. */
  readonly length: number;
}

type Sum = Exclude<keyof PeriodOfActivity, "time" | "payments">;

const SUMS: Partial<Record<EventType, Sum>> = {
  "money.transferred": "volume",
  "payment.settled": "volume",
  "money.issued": "issued",
  "deposit.credited": "deposited",
  "withdrawal.settled": "withdrawn",
  "money.redeemed": "redeemed",
  "fee.charged": "fees",
};

const NONE = { payments: 0, volume: 0n, issued: 0n, deposited: 0n, withdrawn: 0n, redeemed: 0n, fees: 0n };

/** Events that are read at once: what else asks the database waits no longer. */
const PART = 50_000n;

/** What happened in an asset period by period, the oldest first; those in which nothing did are left out. */
export async function activityOf(
  table: ActivityTable,
  system: Address,
  token: Address,
  { from, to, length }: Span,
): Promise<PeriodOfActivity[]> {
  const periods = new Map<number, PeriodOfActivity>();
  const first = Math.floor(from / length);
  for (let upTo = await table.newest(system); upTo > 0n; upTo -= PART) {
    const after = upTo > PART ? upTo - PART : 0n;
    for (const { period, type, count, amount } of await table.moved(system, token, { after, upTo }, length)) {
      const sum = SUMS[type];
      const time = period * length;
      if (sum === undefined || period < first || time >= to) continue;
      const before = periods.get(time) ?? { time, ...NONE };
      const payments = before.payments + (sum === "volume" ? count : 0);
      periods.set(time, { ...before, payments, [sum]: before[sum] + amount });
    }
    const oldest = await table.timeOf(system, after + 1n);
    if (oldest === undefined || oldest < first * length) break;
  }
  return [...periods.values()].sort((a, b) => a.time - b.time);
}
