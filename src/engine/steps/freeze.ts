import { fail } from "../../errors";
import { maximum } from "../../protocol";
import type { CommandOf, Context, SeenClose } from "../commands";
import { fact, type NewEvent } from "../events";
import type { Channel, Freeze } from "../records";
import { assetIn, channelIn, isLossAlone, requireOpen, type Changes, type LedgerView } from "../view";

export const NO_CLOSE: Freeze = {
  isOwn: false,
  until: null,
  transaction: null,
  shown: null,
  forGood: false,
  unread: false,
  lost: null,
};

/** What keeps a channel from being signed for; one that was frozen before it was noted why is so for good. */
export function freezeOf({ status, freeze: known }: Channel): Freeze {
  return known ?? { ...NO_CLOSE, forGood: status === "frozen" };
}

/**
 * Stops all signing for a channel that is being closed, or of which the chain cannot be believed (S6). The same close once
 * more changes nothing.
 * @throws unknown_channel
 */
export function freeze(view: LedgerView, { channelId, close }: CommandOf<"freeze">): Changes {
  const channel = channelIn(view, channelId);
  const { status } = channel;
  const before = freezeOf(channel);
  const isKnown = status === "frozen" && close === undefined && !isLossAlone(before);
  if (status === "settled" || isKnown) return {};
  if (close !== undefined && before.transaction === close.transaction) return {};
  const { challengePeriod } = assetIn(view, channel.key.system, channel.key.token).settings;
  const after = close === undefined ? { ...before, forGood: true } : seen(before, close, challengePeriod);
  return {
    channels: [{ ...channel, status: "frozen", freeze: after }],
    events: [
      ...(status === "open" ? [frozen(channel)] : []),
      ...(close === undefined ? [] : [closing(channel, close)]),
    ],
  };
}

/**
 * S closes: from here on it signs nothing more (S6), and sends its order until `deadline` (Unix seconds). Once more changes
 * nothing.
 * @throws unknown_channel, channel_frozen, closing_pending, withdrawal_pending, bad_deadline
 */
export function close(view: LedgerView, { channelId, deadline }: CommandOf<"close">, { now }: Context): Changes {
  const channel = channelIn(view, channelId);
  if (channel.freeze?.isOwn) return {};
  const { key, pending } = requireOpen(channel);
  if (pending !== null) fail("withdrawal_pending", { until: pending.deadline });
  const latest = now + assetIn(view, key.system, key.token).settings.challengePeriod;
  if (deadline <= now || deadline > latest) fail("bad_deadline", { got: deadline, after: now, latest });
  return {
    channels: [{ ...channel, status: "frozen", freeze: { ...NO_CLOSE, isOwn: true, until: deadline } }],
    events: [frozen(channel)],
  };
}

/**
 * Takes down what was shown on a close, for good; the same once more changes nothing.
 * @throws unknown_channel
 */
export function observeAnswer(view: LedgerView, { channelId, answer }: CommandOf<"observeAnswer">): Changes {
  const channel = channelIn(view, channelId);
  const { freeze: before, status } = channel;
  if (status === "settled" || before === null) return {};
  const version = answer.shown === "state" ? answer.version : channel.state.version;
  if (before.shown !== null && version <= before.shown) return {};
  const { transaction } = answer;
  const about = { account: channel.key.user, token: channel.key.token };
  return {
    channels: [{ ...channel, freeze: { ...before, shown: version } }],
    events: [
      answer.shown === "state"
        ? fact("channel.challenged", { channelId, transaction, version }, about)
        : fact("channel.penalised", { channelId, transaction }, about),
    ],
  };
}

/** The channel without the closes that cannot be mined any more; undefined if one that was known of can. */
export function thawed(channel: Channel, finalTime: bigint): Channel | undefined {
  const { until, lost } = channel.freeze ?? NO_CLOSE;
  if (until === null || until >= finalTime) return undefined;
  return lost === null ? { ...channel, status: "open", freeze: null } : { ...channel, freeze: { ...NO_CLOSE, lost } };
}

/** A transaction that is undone can be mined again until its order's deadline: a period after the block that had it at most. */
function seen(before: Freeze, { challengeEnd, humble, transaction }: SeenClose, period: bigint): Freeze {
  const until = challengeEnd - (humble ? period : 0n);
  return { ...before, until: before.forGood ? null : maximum(before.until ?? 0n, until), transaction };
}

function frozen({ id, key }: Channel): NewEvent {
  return fact("channel.frozen", { channelId: id }, { account: key.user, token: key.token });
}

function closing({ id, key }: Channel, { transaction, bySystem, humble, version, challengeEnd }: SeenClose): NewEvent {
  const by = bySystem ? "system" : "user";
  const data = { channelId: id, transaction, by, humble, version, challengeEnd } as const;
  return fact("channel.closing", data, { account: key.user, token: key.token });
}
