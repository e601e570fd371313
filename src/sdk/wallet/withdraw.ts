import { fail } from "../../errors";
import { available, checkOwnWithdrawal, recover, type Address, type Withdrawal } from "../../protocol";
import type { OwnWithdrawal, SignedWithdrawal } from "../store";
import type { Core } from "./core";

/** A withdrawal of `amount` more to `recipient`; `deadline` and `now` in Unix seconds. */
export interface WithdrawalTerms {
  readonly amount: bigint;
  readonly recipient: Address;
  readonly deadline: bigint;
  readonly now: bigint;
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
  const signature = await core.sign({ type: "Withdrawal", value: withdrawal });
  await memory.record({ type: "withdrawal", withdrawal, signature });
  return finishWithdrawal(core, { withdrawal, signature });
}

/** Gets S's signature on what U has signed: the same bytes as often as it takes. */
export async function finishWithdrawal(core: Core, own: OwnWithdrawal): Promise<SignedWithdrawal> {
  const { withdrawal, signature } = own;
  const systemSignature = await core.options.api.withdraw({ withdrawal, signature });
  await core.requireSystem(recover(core.digestOf({ type: "Withdrawal", value: withdrawal }), systemSignature));
  await core.memory.record({ type: "consented", systemSignature });
  return { withdrawal, signature, systemSignature };
}
