import { fail } from "../../errors";
import {
  hashOfPreimage,
  hashState,
  requireEnded,
  resynchronise as begin,
  type Hash,
  type Position,
} from "../../protocol";
import type { ShownPosition } from "../api";
import { catchUp } from "./catchUp";
import type { Claims } from "./claims";
import type { Core } from "./core";
import { asError, noteRefusal } from "./refusals";

/** Begins anew with S, from the best that both have (S7). */
export async function resynchronise(core: Core, claims: Claims): Promise<void> {
  const { memory, options, id } = core;
  const api = options.api.resynchronisation ?? fail("invalid_request", { reason: "the service cannot be asked to" });
  if (memory.isFrozen) fail("channel_frozen", { channel: id });
  const until = core.lostUntil;
  if (until !== undefined && until >= memory.finalTime) fail("resynchronising", { channel: id, until });
  await claims.registerDue();
  const { signature: sent } = memory.unanswered ?? {};
  await catchUp(core);
  // The answer to what was sent before was lost.
  if (sent !== undefined && memory.completed?.signature === sent && !memory.isLost) return;
  // Those of a note that came only now.
  await claims.registerDue();
  const best = positionOf(core);
  requireEnded(best, memory.finalTime);
  const shown = shownOf(core);
  const { preimages } = await api.outset(id, shown);
  requirePaid(core, preimages);
  const { state, operations } = begin(best, preimages);
  const signature = await core.sign({ type: "State", value: state });
  const proposal = { state, operations, locks: [], signature };
  await memory.record({ type: "proposed", proposal });
  const answer = await api.complete({ shown, proposal: state, signature }).catch(asError);
  if (answer instanceof Error) {
    await noteRefusal(core, proposal, answer);
    throw answer;
  }
  await core.requireSystemOn(hashState(state), answer);
  await memory.record({ type: "resynchronised", completed: { ...proposal, systemSignature: answer } });
}

function positionOf({ memory }: Core): Position {
  const { state, note, incoming, locks } = memory;
  return { state, note, incoming, outgoing: locks.outgoing };
}

function shownOf({ memory }: Core): ShownPosition {
  const { completed, held } = memory;
  return {
    state: completed && {
      state: completed.state,
      outgoing: completed.locks,
      userSignature: completed.signature,
      systemSignature: completed.systemSignature,
    },
    note: held,
  };
}

/**
 * What the final chain shows registered in time is paid.
 * @throws stale_note
 */
function requirePaid({ memory }: Core, preimages: readonly Hash[]): void {
  const paid = new Set(preimages.map(hashOfPreimage));
  const { seq, credited } = memory.note;
  for (const { hash } of memory.incoming) {
    if (memory.locks.registered.has(hash) && !paid.has(hash)) fail("stale_note", { seq, credited, unpaid: hash });
  }
}
