import { fail } from "../../errors";
import {
  bestOf,
  checkLocks,
  hashNote,
  hashState,
  requireEnded,
  resynchronise as begin,
  type Hash,
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
  /** Of the locks that are paid. */
  readonly preimages: readonly Hash[];
}

/**
 * Ends what a loss of data of either side began (S7): issues the note that outdates every other, and completes the state that
 * folds it. What S did not know is booked. The same bytes once more change nothing.
 * @throws wrong_signer, and what {@link outsetOf} throws; state_mismatch where the state is not what follows from what was shown
 */
export function resynchronise(view: LedgerView, command: CommandOf<"resynchronise">): Changes {
  const { proposal, signature, signer, shown, finalTime } = command;
  const channel = channelIn(view, proposal.channelId);
  const { key, id } = channel;
  if (signer !== key.user) fail("wrong_signer", { got: signer, want: key.user });
  const hash = hashState(proposal);
  if (hash === hashState(channel.state)) return {};
  const { best, preimages } = outsetOf(view, channel, shown, finalTime);
  const { note, noteOperations, state, operations } = begin(best, preimages);
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
 * @throws channel_frozen, closing_pending, withdrawal_pending, resynchronising until then, lock_pending until then, state_mismatch,
 * locks_mismatch
 */
export function outsetOf(view: LedgerView, channel: Channel, shown: ShownPosition, finalTime: bigint): Outset {
  const { pending, freeze, id } = channel;
  if (!isLossAlone(freeze)) requireOpen({ ...channel, freeze: null });
  const until = freeze?.lost ?? null;
  if (until !== null && until >= finalTime) fail("resynchronising", { channel: id, until });
  if (pending !== null) fail("withdrawal_pending", { until: pending.deadline });
  // What S has not lost it knows best: of anything newer somebody should have told it that data were lost.
  const best = until === null ? channel : bestOf(positionOf(channel, shown), channel);
  requireEnded(channel, finalTime);
  requireEnded(best, finalTime);
  for (const { outgoing, payer, payee, status } of view.openHtlcs()) {
    const isOurs = payer === id || payee === id;
    if (isOurs && status === "pending") fail("lock_pending", { hash: outgoing.hash, until: outgoing.expiry });
  }
  return { best, preimages: paidIn(view, id, best) };
}

/** What U shows, or what S has of it. */
function positionOf({ id, state, outgoing, note, incoming }: Channel, shown: ShownPosition): Position {
  const [states, notes] = [shown.state ?? { state, outgoing }, shown.note ?? { note, incoming }];
  if (states.state.channelId !== id || notes.note.channelId !== id) fail("state_mismatch", { want: id });
  checkLocks(states.state, states.outgoing);
  checkLocks(notes.note, notes.incoming);
  return { ...states, ...notes };
}

/** Of locks whose preimage was public in time; or, of those that the user pays by, was given away by S's own payee. */
function paidIn(view: LedgerView, id: Channel["id"], { outgoing, incoming }: Position): Hash[] {
  const paid = outgoing.filter(({ hash, index }) => {
    const htlc = view.htlcAt(id, index);
    return htlc?.status === "settled" && htlc.outgoing.hash === hash;
  });
  // What did not reach the payee in time, the payer does not pay, even where its own lock would have been in time.
  const failed = outgoing.filter(({ hash, index }) => {
    const htlc = view.htlcAt(id, index);
    return htlc?.status === "failed" && htlc.outgoing.hash === hash;
  });
  const owing = outgoing.filter((lock) => !failed.includes(lock));
  const inTime = [...owing, ...incoming].filter(({ hash, expiry }) => {
    const registeredAt = view.preimage(hash)?.registeredAt ?? null;
    return registeredAt !== null && registeredAt < expiry;
  });
  return [...new Set([...paid, ...inTime].flatMap(({ hash }) => view.preimage(hash)?.preimage ?? []))];
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
