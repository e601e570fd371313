import { fail } from "../../errors";
import {
  hashState,
  locksThatCount,
  requireEnded,
  resynchronise as begin,
  type PaidLocks,
  type Position,
} from "../../protocol";
import type { ShownPosition } from "../api";
import { adoptShown, look } from "./catchUp";
import type { Claims } from "./claims";
import type { Core } from "./core";
import { asError, noteRefusal } from "./refusals";

/** Begins anew with S, from the best that both have (S7). */
export async function resynchronise(core: Core, claims: Claims): Promise<void> {
  const { memory, options, id } = core;
  const api = options.api.resynchronisation ?? fail("invalid_request", { reason: "the service cannot be asked to" });
  if (memory.isFrozen) fail("channel_frozen", { channel: id });
  await memory.dateLoss();
  requirePast(core, memory.finalTime);
  await claims.registerDue();
  const { signature: sent } = memory.unanswered ?? {};
  await adoptShown(core, await look(core));
  // The answer to what was sent before was lost.
  if (sent !== undefined && memory.completed?.signature === sent && !memory.isLost) return;
  // Those of a note that came only now.
  await claims.registerDue();
  const best = positionOf(core);
  requireEnded(best, memory.finalTime);
  const shown = shownOf(core);
  const { time, ...paid } = await api.outset(id, shown);
  requireTime(core, time);
  requirePaid(core, best, paid);
  const { state, operations } = begin(best, paid, time);
  // Of what was signed before the answer was lost, the later one is to count.
  if (state.version < memory.signedVersion) fail("stale_version", { got: state.version, want: memory.signedVersion });
  const signature = await core.sign({ type: "State", value: state });
  const proposal = { state, operations, locks: [], signature };
  await memory.record({ type: "proposed", proposal });
  const answer = await api.complete({ shown, time, proposal: state, signature }).catch(asError);
  if (answer instanceof Error) {
    await noteRefusal(core, proposal, answer);
    throw answer;
  }
  await core.requireSystemOn(hashState(state), answer);
  await memory.record({ type: "resynchronised", completed: { ...proposal, systemSignature: answer } });
}

/**
 * What both sides agree on is later than anything that was signed before U's own loss could be sent, and not so late that a jump after
 * another loss would land below.
 * @throws resynchronising until S has seen a later block, out_of_range
 */
function requireTime(core: Core, time: bigint): void {
  requirePast(core, time);
  const max = core.memory.finalTime + core.options.asset.challengePeriod;
  if (time > max) fail("out_of_range", { name: "time", got: time, max });
}

/** @throws resynchronising */
function requirePast({ id, lostUntil: until }: Core, time: bigint): void {
  if (until !== undefined && until >= time) fail("resynchronising", { channel: id, until });
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
function requirePaid({ memory }: Core, best: Position, { incoming }: PaidLocks): void {
  const { seq, credited } = memory.note;
  for (const { hash, index } of locksThatCount(best)) {
    const isPaid = incoming.some((one) => one.index === index);
    if (memory.locks.registered.has(hash) && !isPaid) fail("stale_note", { seq, credited, unpaid: hash });
  }
}
