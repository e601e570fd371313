import { fail } from "../errors";
import type { StateOperation, StateOperationOf } from "./operations";
import { maximum, minimum, UINT128_MAX, within } from "./primitives";
import type { Hash } from "./types";

/** What a system may charge for: a direct transfer, a conditional payment, a redemption, a withdrawal to the chain. */
export type FeeKind = "transfer" | "payment" | "redemption" | "withdrawal";

/** What one kind costs, in base units of the asset. */
export interface FeeRate {
  /** uint128 */
  readonly flat: bigint;
  /** Hundredths of a percent of the amount, 0 to 10,000. */
  readonly basisPoints: bigint;
  /** uint128: the fee is no less. */
  readonly min: bigint;
  /** uint128: nor more; null for no such bound. */
  readonly max: bigint | null;
}

/** What a system charges in one asset; a kind that is not named is free. */
export type FeeSchedule = Readonly<Partial<Record<FeeKind, FeeRate | undefined>>>;

export const NO_FEES: FeeSchedule = {};

const WHOLE = 10_000n;

/** What takes over that which has happened already. */
const FOLDING: ReadonlySet<StateOperation["type"]> = new Set(["fold", "foldLock", "dropLock"]);

/**
 * What an operation over `amount` costs: the flat part and the proportional one, rounded up to a base unit, no less than
 * `min` and no more than `max`.
 * @throws out_of_range beyond 128 bits
 */
export function feeFor(rate: FeeRate | undefined, amount: bigint): bigint {
  if (rate === undefined) return 0n;
  const proportional = (amount * rate.basisPoints + WHOLE - 1n) / WHOLE;
  const atLeast = maximum(rate.flat + proportional, rate.min);
  return within(rate.max === null ? atLeast : minimum(atLeast, rate.max), 0n, UINT128_MAX, "fee");
}

/**
 * Whether a schedule is one that can be charged.
 * @throws out_of_range
 */
export function checkFeeSchedule(schedule: FeeSchedule): void {
  for (const rate of Object.values(schedule)) {
    if (rate === undefined) continue;
    const { flat, basisPoints, min, max } = rate;
    within(flat, 0n, UINT128_MAX, "flat");
    within(basisPoints, 0n, WHOLE, "basisPoints");
    within(min, 0n, UINT128_MAX, "min");
    if (max !== null) within(max, min, UINT128_MAX, "max");
  }
}

/** The operations, each that is charged with its fee and no other: right behind it, or, of a lock, within it. */
export function withFees(schedule: FeeSchedule, operations: readonly StateOperation[]): StateOperation[] {
  return operations.flatMap((operation): StateOperation[] => {
    if (operation.type === "lock") {
      return [{ ...operation, fee: maximum(operation.fee, feeFor(schedule.payment, operation.amount)) }];
    }
    if (operation.type === "fee") return [];
    const fee = feeBehind(schedule, operation);
    return fee === undefined ? [operation] : [operation, fee];
  });
}

/**
 * What a state that only pays for a withdrawal ends with: the fee under the withdrawal's struct hash, so that its memo proves
 * what it was paid for; undefined where it is free. What takes nothing out costs nothing.
 * @throws out_of_range
 */
export function withdrawalFee(
  schedule: FeeSchedule,
  amount: bigint,
  withdrawal: Hash,
): StateOperationOf<"fee"> | undefined {
  const fee = amount <= 0n ? 0n : feeFor(schedule.withdrawal, amount);
  return fee === 0n ? undefined : { type: "fee", amount: fee, reference: withdrawal };
}

/**
 * Whether the operations of a state pay exactly for a withdrawal: they fold what there is to fold, then pay its fee, and do
 * nothing else.
 * @param operations undefined where nothing was signed for it
 * @throws wrong_fee, state_mismatch
 */
export function checkWithdrawalFee(
  schedule: FeeSchedule,
  amount: bigint,
  withdrawal: Hash,
  operations: readonly StateOperation[] | undefined,
): void {
  const due = withdrawalFee(schedule, amount, withdrawal);
  const last = operations?.at(-1);
  const paid = last?.type === "fee" ? last : undefined;
  if (paid?.amount !== due?.amount || paid?.reference !== due?.reference) {
    fail("wrong_fee", { got: paid?.amount ?? 0n, want: due?.amount ?? 0n });
  }
  for (const { type } of operations?.slice(0, -1) ?? []) {
    if (!FOLDING.has(type)) fail("state_mismatch", { operation: type });
  }
}

/** All that S keeps of these operations, those of locks included: if their preimages become known. */
export function feesIn(operations: readonly StateOperation[]): bigint {
  return operations.reduce((sum, operation) => {
    if (operation.type === "fee") return sum + operation.amount;
    return operation.type === "lock" ? sum + operation.fee : sum;
  }, 0n);
}

/**
 * Whether a state pays S exactly what the schedule says: each transfer and redemption has its fee right behind it, under the
 * same reference, and no other fee is there. A lock's fee may be more: what the payer offers to systems further on.
 * @throws wrong_fee
 */
export function checkFees(schedule: FeeSchedule, operations: readonly StateOperation[]): void {
  let due: StateOperationOf<"fee"> | undefined;
  for (const operation of operations) {
    const paid = operation.type === "fee" ? operation : undefined;
    if (paid?.amount !== due?.amount || paid?.reference !== due?.reference) {
      fail("wrong_fee", { got: paid?.amount ?? 0n, want: due?.amount ?? 0n });
    }
    due = feeBehind(schedule, operation);
    if (operation.type !== "lock") continue;
    const want = feeFor(schedule.payment, operation.amount);
    if (operation.fee < want) fail("wrong_fee", { got: operation.fee, want });
  }
  if (due !== undefined) fail("wrong_fee", { got: 0n, want: due.amount });
}

/** What is to follow the operation, if anything. */
function feeBehind(schedule: FeeSchedule, operation: StateOperation): StateOperationOf<"fee"> | undefined {
  if (operation.type !== "pay" && operation.type !== "redeem") return undefined;
  const amount = feeFor(operation.type === "pay" ? schedule.transfer : schedule.redemption, operation.amount);
  return amount === 0n ? undefined : { type: "fee", amount, reference: operation.reference };
}
