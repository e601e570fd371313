import { fail } from "../../errors";
import { hashState, type State } from "../../protocol";
import type { Proposal } from "../store";
import { catchUp } from "./catchUp";
import type { Core } from "./core";
import { finishWithdrawal } from "./finishWithdrawal";
import { asError, isLost, isOutdated, noteRefusal } from "./refusals";

/** Sends again, as it is, a state that got no answer, with the withdrawal that it pays for, if it does (U1). */
export async function sendUnanswered(core: Core): Promise<void> {
  const { unanswered, withdrawing } = core.memory;
  if (unanswered === undefined) return;
  if (unanswered === withdrawing?.payment) await finishWithdrawal(core, withdrawing);
  else await send(core, unanswered);
}

/** Sends a proposal and believes the payment only when S's signature verifies (U2). */
export async function send(core: Core, proposal: Proposal): Promise<void> {
  const { memory, options } = core;
  const { state, operations, signature } = proposal;
  const answer = await options.api.submitState({ proposal: state, operations, signature }).catch(asError);
  if (answer instanceof Error) {
    if (isOutdated(answer) || isLost(answer)) await catchUp(core);
    if (memory.completed?.signature === signature) return;
    await noteRefusal(core, proposal, answer);
    requireNotOvertaken(memory.state, state);
    throw answer;
  }
  await core.requireSystemOn(hashState(state), answer);
  await memory.record({ type: "completed", completed: { ...proposal, systemSignature: answer } });
}

/**
 * Another state of U's own may have taken its place: of another device, or one that was refused, came once more and had nothing
 * in its way any more. Equivocation is what U accuses S of.
 * @throws stale_version
 */
function requireNotOvertaken({ version }: State, { version: got }: State): void {
  if (version >= got) fail("stale_version", { got, want: version + 1n });
}
