import { fail } from "../errors";
import { balance, NO_FEES, type FeeSchedule, type StateOperation } from "../protocol";
import type { Channel, Limits, DayTotal } from "./records";
import { assetIn, type LedgerView } from "./view";

export const NO_LIMITS: Limits = { perPayment: null, perDay: null, balance: null };

const DAY = 86_400n;

/** What the account of a channel pays for its payments. */
export function feesFor(view: LedgerView, { key: { system, token, user } }: Channel): FeeSchedule {
  return view.terms(system, token, user)?.feesWaived === true ? NO_FEES : assetIn(view, system, token).fees;
}

/** What the account of a channel may pay and have. */
export function limitsFor(view: LedgerView, { key: { system, token, user } }: Channel): Limits {
  return view.terms(system, token, user)?.limits ?? assetIn(view, system, token).limits;
}

/**
 * Whether an account may pay this, at `now`; fees are not counted.
 * @returns what it has then paid today, if that is limited
 * @throws limit_exceeded
 */
export function checkSpending(
  view: LedgerView,
  payer: Channel,
  operations: readonly StateOperation[],
  now: bigint,
): readonly DayTotal[] {
  const { perPayment, perDay } = limitsFor(view, payer);
  if (perPayment === null && perDay === null) return [];
  const amounts = operations.flatMap((one) => (isPayment(one) ? one.amount : []));
  const largest = amounts.find((amount) => perPayment !== null && amount > perPayment);
  if (largest !== undefined) fail("limit_exceeded", { limit: "perPayment", got: largest, most: perPayment });
  if (perDay === null || amounts.length === 0) return [];
  const { system, token, user: account } = payer.key;
  const [before, day] = [view.dayTotal(system, token, account), now / DAY];
  const spent = before?.day === day ? before.amount : 0n;
  const amount = amounts.reduce((sum, one) => sum + one, spent);
  if (amount > perDay)
    fail("limit_exceeded", { limit: "perDay", got: amount - spent, left: perDay - spent, most: perDay });
  return [{ system, token, account, day, amount }];
}

/**
 * Whether an account may be promised `promised` more.
 * @throws limit_exceeded
 */
export function checkHolding(view: LedgerView, payee: Channel, promised: bigint): void {
  const most = limitsFor(view, payee).balance;
  if (most === null) return;
  const got = balance(payee.funds, payee.state, payee.note) + payee.note.locked + promised;
  if (got > most) fail("limit_exceeded", { limit: "balance", account: payee.key.user, got, most });
}

function isPayment(
  operation: StateOperation,
): operation is Extract<StateOperation, { type: "pay" | "redeem" | "lock" }> {
  return operation.type === "pay" || operation.type === "redeem" || operation.type === "lock";
}
