import { fail } from "../../errors";
import { hashWithdrawal } from "../../protocol";
import type { CommandOf } from "../commands";
import { moneyOf } from "../conservation";
import { entry, fact, type NewEvent } from "../events";
import type { Asset, Channel, Htlc } from "../records";
import { assetIn, channelIn, type Changes, type LedgerView } from "../view";
import { returnOf } from "./htlc";
import { newChannel } from "./openAccount";

/**
 * Ends an epoch that was settled on chain: what the user had is the chain's affair now, and the next epoch is open. What
 * became of its locks must be known.
 * @throws unknown_channel, channel_frozen if it was settled before, lock_pending
 */
export function settleEpoch(view: LedgerView, { channelId, funds }: CommandOf<"settleEpoch">): Changes {
  const channel = channelIn(view, channelId);
  if (channel.status === "settled") fail("channel_frozen", { channel: channelId, status: channel.status });
  const { key } = channel;
  const asset = assetIn(view, key.system, key.token);
  const next = newChannel({ ...key, epoch: key.epoch + 1n }, funds, channel.freeze?.lost ?? null);
  const ended = endedHtlcs(view, channel);
  const returned = ended
    .filter(({ status }) => status === "failed")
    .map((htlc) => entry("payment.returned", asset, returnOf(view, channel, htlc), {}));
  const left = returned.reduce((sum, { amount }) => sum + (amount ?? 0n), moneyOf(channel));
  const deposited = moneyOf(next);
  return {
    assets: [{ ...asset, liabilities: asset.liabilities - left + deposited }],
    channels: [{ ...channel, status: "settled", pending: null, closing: null, freeze: null }, next],
    htlcs: ended.map((htlc) => ({ ...htlc, over: true })),
    events: [...returned, ...turnOfEpoch(asset, channel, next, { left, deposited })],
  };
}

function turnOfEpoch(
  asset: Asset,
  { id, key, pending }: Channel,
  next: Channel,
  { left, deposited }: { readonly left: bigint; readonly deposited: bigint },
): NewEvent[] {
  const [user, data] = [key.user, { channelId: id }];
  const events = [entry("channel.settled", asset, { from: user, to: "settled", amount: left }, data)];
  if (pending !== null) {
    const about = { account: user, token: key.token, reference: hashWithdrawal(pending) };
    events.unshift(fact("withdrawal.expired", data, about));
  }
  if (deposited !== 0n) {
    const sides = { from: "deposited", to: user, amount: deposited } as const;
    events.push(entry("deposit.credited", asset, sides, { channelId: next.id }));
  }
  return events;
}

/** The transfers that the channel pays; what of them and of those that it is paid by is not decided yet cannot end. */
function endedHtlcs(view: LedgerView, { id, outgoing, incoming }: Channel): Htlc[] {
  const paying = outgoing.flatMap(({ index }) => view.htlcAt(id, index) ?? []);
  const paid = incoming.flatMap(({ hash }) => [...view.htlcsUnder(hash)].filter(({ payee }) => payee === id));
  for (const { status, outgoing: lock } of [...paying, ...paid]) {
    if (status === "pending") fail("lock_pending", { hash: lock.hash });
  }
  return paying;
}
