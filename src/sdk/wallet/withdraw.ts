import { fail } from "../../errors";
import { available, checkOwnWithdrawal, recover, type Address, type Signature, type Withdrawal } from "../../protocol";
import type { Core } from "./core";

/** A withdrawal of `amount` more to `recipient`; `deadline` and `now` in Unix seconds. */
export interface WithdrawalTerms {
  readonly amount: bigint;
  readonly recipient: Address;
  readonly deadline: bigint;
  readonly now: bigint;
}

/** What anybody can send to the hub. */
export interface SignedWithdrawal {
  readonly withdrawal: Withdrawal;
  readonly signature: Signature;
  readonly systemSignature: Signature;
}

/** Signs a withdrawal, stores it, and gets S's signature. */
export async function withdraw(core: Core, terms: WithdrawalTerms): Promise<SignedWithdrawal> {
  const { memory, options, id } = core;
  const { funds, pending } = memory;
  if (pending !== null) fail("withdrawal_pending", { until: pending.deadline });
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
  const message = { type: "Withdrawal", value: withdrawal } as const;
  const signature = await core.sign(message);
  await memory.record({ type: "withdrawal", channelId: id, withdrawal });
  const systemSignature = await options.api.withdraw({ withdrawal, signature });
  await core.requireSystem(recover(core.digestOf(message), systemSignature));
  return { withdrawal, signature, systemSignature };
}
