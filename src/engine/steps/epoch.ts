import { fail } from "../../errors";
import { balance, ZERO_HASH } from "../../protocol";
import type { CommandOf } from "../commands";
import { entry } from "../journal";
import type { Channel, Htlc } from "../records";
import { assetIn, channelIn, type Changes, type LedgerView } from "../view";
import { newChannel } from "./openAccount";

/**
 * Stops all signing for a channel that is being closed (S6); once more changes nothing.
 * @throws unknown_channel
 */
export function freeze(view: LedgerView, { channelId }: CommandOf<"freeze">): Changes {
  const channel = channelIn(view, channelId);
  if (channel.status !== "open") return {};
  return { channels: [{ ...channel, status: "frozen" }] };
}

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
  const left = balance(channel.funds, channel.state, channel.note) - channel.state.locked;
  const ended = endedHtlcs(view, channel);
  const returned = ended.reduce((sum, htlc) => sum + (htlc.status === "failed" ? htlc.outgoing.amount : 0n), 0n);
  const deposited = funds.deposited - funds.withdrawn;
  return {
    assets: [{ ...asset, liabilities: asset.liabilities - left - returned + deposited }],
    channels: [
      { ...channel, status: "settled", pending: null, closing: null },
      newChannel({ ...key, epoch: key.epoch + 1n }, funds),
    ],
    htlcs: ended.map((htlc) => ({ ...htlc, over: true })),
    journal: [
      ...(returned !== 0n ? entry(asset, "locked", "settled", returned, ZERO_HASH) : []),
      ...(left !== 0n ? entry(asset, key.user, "settled", left, ZERO_HASH) : []),
      ...(deposited !== 0n ? entry(asset, "deposited", key.user, deposited, ZERO_HASH) : []),
    ],
  };
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
