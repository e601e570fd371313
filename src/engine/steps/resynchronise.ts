import { fail } from "../../errors";
import {
  bestOf,
  holdsLock,
  checkLocks,
  hashNote,
  hashState,
  locksThatCount,
  requireEnded,
  resynchronise as begin,
  type Lock,
  type PaidLock,
  type PaidLocks,
  type Position,
} from "../../protocol";
import type { CommandOf, ShownPosition } from "../commands";
import { moneyOf } from "../conservation";
import { entry, fact, type NewEvent } from "../events";
import type { Channel, Htlc } from "../records";
import { assetIn, channelIn, isLossAlone, requireOpen, type Changes, type LedgerView } from "../view";
import { returnOf } from "./htlc";

/** What both sides may agree on now. */
export interface Outset {
  readonly best: Position;
  readonly paid: PaidLocks;
}

/**
 * Ends what a loss of data of either side began (S7): issues the note that outdates every other, and completes the state that
 * folds it. What S did not know is booked. The same bytes once more change nothing.
 * @throws wrong_signer, and what {@link outsetOf} throws; state_mismatch where the state is not what follows from what was shown
 */
export function resynchronise(view: LedgerView, command: CommandOf<"resynchronise">): Changes {
  const { proposal, signature, signer, shown, time, finalTime } = command;
  const channel = channelIn(view, proposal.channelId);
  const { key, id } = channel;
  if (signer !== key.user) fail("wrong_signer", { got: signer, want: key.user });
  const hash = hashState(proposal);
  if (hash === hashState(channel.state)) return {};
  if (time > finalTime) fail("out_of_range", { name: "time", got: time, max: finalTime });
  const { best, paid } = outsetOf(view, channel, shown, time);
  const { note, noteOperations, state, operations } = begin(best, paid, time);
  if (hash !== hashState(state)) fail("state_mismatch", { got: hash, want: hashState(state) });
  const after: Channel = { ...channel, status: "open", freeze: null, state, note, outgoing: [], incoming: [] };
  return {
    ...booked(view, channel, after),
    channels: [after],
    states: [{ state, operations, hash, signature }],
    notes: [{ note, operations: noteOperations, locks: [], hash: hashNote(note), user: key.user }],
    htlcs: paidBy(view, id).map((htlc) => ({ ...htlc, over: true })),
  };
}

/**
 * What follows from what both sides have, as soon as nothing that was signed before the loss can be sent any more and every
 * lock has ended on the final chain.
 * @param time Unix seconds of a final block
 * @throws channel_frozen, closing_pending, withdrawal_pending, resynchronising until then, lock_pending until then, state_mismatch,
 * locks_mismatch
 */
export function outsetOf(view: LedgerView, channel: Channel, shown: ShownPosition, time: bigint): Outset {
  const { pending, closing, freeze, id } = channel;
  if (!isLossAlone(freeze)) requireOpen({ ...channel, freeze: null });
  const until = freeze?.lost ?? null;
  const isUnread = freeze?.unread === true;
  if (until !== null && (isUnread || until >= time)) fail("resynchronising", { channel: id, until });
  if (pending !== null) fail("withdrawal_pending", { until: pending.deadline });
  if (closing !== null) fail("closing_pending", { until: closing.deadline });
  // What S has not lost it knows best: of anything newer somebody should have told it that data were lost.
  const best = until === null ? channel : bestOf(positionOf(channel, shown), channel);
  requireEnded(channel, time);
  requireEnded(best, time);
  for (const { outgoing, payer, payee, status } of view.openHtlcs()) {
    const isOurs = payer === id || payee === id;
    if (isOurs && status === "pending") fail("lock_pending", { hash: outgoing.hash, until: outgoing.expiry });
  }
  return { best, paid: paidIn(view, id, best) };
}

/** What U shows, or what S has of it. */
function positionOf({ id, state, outgoing, note, incoming }: Channel, shown: ShownPosition): Position {
  const [states, notes] = [shown.state ?? { state, outgoing }, shown.note ?? { note, incoming }];
  if (states.state.channelId !== id || notes.note.channelId !== id) fail("state_mismatch", { want: id });
  checkLocks(states.state, states.outgoing);
  checkLocks(notes.note, notes.incoming);
  return { ...states, ...notes };
}

/**
 * The locks whose preimage was public in time, each by its own expiry; of those that the user pays by, also what S's own payee
 * gave the preimage of, but none that did not reach the payee in time.
 */
function paidIn(view: LedgerView, id: Channel["id"], best: Position): PaidLocks {
  const isDue = (lock: Lock): boolean => {
    const htlc = view.htlcAt(id, lock.index);
    const isKnown = htlc !== undefined && holdsLock([htlc.outgoing], lock);
    return isKnown ? htlc.status === "settled" : isInTime(view, lock);
  };
  return {
    outgoing: best.outgoing.filter(isDue).flatMap((lock) => withPreimage(view, lock)),
    incoming: locksThatCount(best).flatMap((lock) => (isInTime(view, lock) ? withPreimage(view, lock) : [])),
  };
}

function isInTime(view: LedgerView, { hash, expiry }: Lock): boolean {
  const registeredAt = view.preimage(hash)?.registeredAt ?? null;
  return registeredAt !== null && registeredAt < expiry;
}

function withPreimage(view: LedgerView, { hash, index }: Lock): PaidLock[] {
  const known = view.preimage(hash);
  return known === undefined ? [] : [{ index, preimage: known.preimage }];
}

/** What comes back of the locks that S knows, and what its books did not know of the rest. */
function booked(view: LedgerView, channel: Channel, after: Channel): Required<Pick<Changes, "assets" | "events">> {
  const { id, key } = channel;
  const asset = assetIn(view, key.system, key.token);
  const returned = paidBy(view, id)
    .filter(({ status }) => status === "failed")
    .map((htlc) => entry("payment.returned", asset, returnOf(view, channel, htlc), {}));
  const known = returned.reduce((sum, { amount }) => sum + (amount ?? 0n), moneyOf(channel));
  const change = moneyOf(after) - known;
  return {
    assets: [{ ...asset, liabilities: asset.liabilities + change }],
    events: [...returned, jumped(after, change)],
  };
}

function jumped({ id, key, state, note }: Channel, change: bigint): NewEvent {
  const { user, token } = key;
  const data = { channelId: id, version: state.version, seq: note.seq };
  if (change === 0n) return fact("channel.resynchronised", data, { account: user, token });
  const sides = change > 0n ? ({ from: "restored", to: user } as const) : ({ from: user, to: "restored" } as const);
  return entry("channel.resynchronised", { token }, { ...sides, amount: change > 0n ? change : -change }, data);
}

/** The conditional transfers that the channel pays and that are not over. */
function paidBy(view: LedgerView, id: Channel["id"]): Htlc[] {
  return [...view.openHtlcs()].filter(({ payer }) => payer === id);
}
