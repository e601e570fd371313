import { fail } from "../../errors";
import {
  available,
  checkOwnWithdrawal,
  hashWithdrawal,
  withdrawalFee,
  type Address,
  type Withdrawal,
} from "../../protocol";
import type { SignedWithdrawal } from "../store";
import type { Core } from "./core";
import { finishWithdrawal } from "./finishWithdrawal";
import type { PaidWithdrawal } from "./memory";
import { asError, isMispriced, isOutdated, unlessRefused } from "./refusals";
import { sendUnanswered } from "./send";
import { signNext } from "./signNext";

/** A withdrawal of `amount` more to `recipient`; `deadline` and `now` in Unix seconds. */
export interface WithdrawalTerms {
  readonly amount: bigint;
  readonly recipient: Address;
  readonly deadline: bigint;
  readonly now: bigint;
  /** The most that it may cost, in base units; as {@link WalletOptions.maxFee} unless given. */
  readonly maxFee?: bigint | undefined;
}

/** Signs a withdrawal and the state that pays what it costs, stores both, and gets S's signatures. */
export async function withdraw(core: Core, terms: WithdrawalTerms): Promise<SignedWithdrawal> {
  const { memory, options, id } = core;
  const { funds, pending } = memory;
  core.requireOpen();
  if (pending !== null) fail("withdrawal_pending", { until: pending.deadline });
  await sendUnanswered(core).catch(unlessRefused);
  const left = available(funds, memory.state, memory.note, null);
  if (terms.amount > left) fail("insufficient_balance", { short: terms.amount - left });
  const withdrawal: Withdrawal = {
    channelId: id,
    withdrawn: funds.withdrawn + terms.amount,
    reclaimed: funds.reclaimed,
    recipient: terms.recipient,
    deadline: terms.deadline,
  };
  checkOwnWithdrawal(memory.view, withdrawal, options.asset, terms.now);
  const payment = await paymentFor(core, withdrawal, terms.maxFee);
  const signature = await core.sign({ type: "Withdrawal", value: withdrawal });
  core.requireOpen();
  return resumeWithdrawal(core, await keep(core, { withdrawal, signature, payment }), terms.maxFee);
}

/**
 * Gets S's signatures on a withdrawal that U has signed. What was to pay for it is signed anew if it was refused: its price has
 * changed, or another device was faster.
 */
export async function resumeWithdrawal(
  core: Core,
  own: PaidWithdrawal,
  maxFee: bigint | undefined,
): Promise<SignedWithdrawal> {
  const { memory } = core;
  const asked = own.outcome === "refused" ? await paidAnew(core, own, maxFee) : own;
  const error = await finishWithdrawal(core, asked).catch(asError);
  if (!(error instanceof Error)) return error;
  if (!isOutdated(error) && !isMispriced(error)) throw error;
  if (memory.withdrawing?.outcome === "complete") return await finishWithdrawal(core, memory.withdrawing);
  return await finishWithdrawal(core, await paidAnew(core, own, maxFee));
}

async function paidAnew(core: Core, { withdrawal, signature }: PaidWithdrawal, maxFee: bigint | undefined) {
  await sendUnanswered(core).catch(unlessRefused);
  const payment = await paymentFor(core, withdrawal, maxFee);
  return await keep(core, { withdrawal, signature, payment });
}

/** Before it is sent (U2). */
async function keep({ memory }: Core, own: PaidWithdrawal): Promise<PaidWithdrawal> {
  const { withdrawal, signature, payment } = own;
  await memory.record({ type: "withdrawal", withdrawal, signature, ...(payment && { payment }) });
  return own;
}

/**
 * The state that pays what S asks for; undefined where it asks for nothing.
 * @throws fee_too_high before anything is signed, insufficient_balance
 */
async function paymentFor(core: Core, withdrawal: Withdrawal, maxFee = core.options.maxFee ?? 0n) {
  const { memory, options, id } = core;
  const { fees } = await options.api.channel(id);
  const fee = withdrawalFee(fees, withdrawal.withdrawn - memory.funds.withdrawn, hashWithdrawal(withdrawal));
  if (fee === undefined) return undefined;
  if (fee.amount > maxFee) fail("fee_too_high", { fee: fee.amount, maxFee });
  return await signNext(core, [fee], withdrawal);
}
