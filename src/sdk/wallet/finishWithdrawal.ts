import { fail } from "../../errors";
import { hashState, recover } from "../../protocol";
import type { SignedState } from "../api";
import type { Proposal, SignedWithdrawal } from "../store";
import { catchUp } from "./catchUp";
import type { Core } from "./core";
import type { PaidWithdrawal } from "./memory";
import { asError, isOutdated, noteRefusal } from "./refusals";

/** Gets S's signatures on a withdrawal and on the state that pays for it: the same bytes as often as it takes. */
export async function finishWithdrawal(core: Core, own: PaidWithdrawal): Promise<SignedWithdrawal> {
  const { memory, options } = core;
  const { withdrawal, signature, outcome } = own;
  // What has paid for it need not be shown again: it may not be the latest state any more.
  const payment = outcome === "complete" ? undefined : own.payment;
  const answer = await options.api
    .withdraw({ withdrawal, signature, payment: payment && asked(payment) })
    .catch(asError);
  if (answer instanceof Error) {
    if (isOutdated(answer)) await catchUp(core);
    await noteRefusal(core, payment, answer);
    throw answer;
  }
  const { systemSignature } = answer;
  await core.requireSystem(recover(core.digestOf({ type: "Withdrawal", value: withdrawal }), systemSignature));
  if (payment !== undefined) {
    const paid = answer.payment ?? fail("invalid_signature", { missing: "payment" });
    await core.requireSystemOn(hashState(payment.state), paid);
    await memory.record({ type: "completed", completed: { ...payment, systemSignature: paid } });
  }
  await memory.record({ type: "consented", systemSignature });
  return { withdrawal, signature, systemSignature };
}

function asked({ state: proposal, operations, signature }: Proposal): SignedState {
  return { proposal, operations, signature };
}
