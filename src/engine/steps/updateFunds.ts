import { fail } from "../../errors";
import { hashClosing, hashWithdrawal } from "../../protocol";
import type { CommandOf } from "../commands";
import { entry, fact, type NewEvent } from "../events";
import type { Asset, Channel } from "../records";
import { thawed } from "./freeze";
import { assetIn, channelIn, type Changes, type LedgerView } from "../view";

/**
 * Takes over what the final chain says of a channel: deposits count from here on, a withdrawal that is there or whose
 * deadline has passed is no longer pending, nor is a closing whose deadline has passed. No close is pending there: a channel
 * that was frozen for one is open again once none can be mined any more.
 * @throws unknown_channel, bad_withdrawal when a total falls
 */
export function updateFunds(view: LedgerView, command: CommandOf<"updateFunds">): Changes {
  const { funds, finalTime } = command;
  const channel = channelIn(view, command.channelId);
  const asset = assetIn(view, channel.key.system, channel.key.token);
  const deposited = funds.deposited - channel.funds.deposited;
  const withdrawn = funds.withdrawn - channel.funds.withdrawn;
  if (deposited < 0n || withdrawn < 0n || funds.reclaimed < channel.funds.reclaimed) {
    fail("bad_withdrawal", { deposited, withdrawn });
  }
  const { pending, closing } = channel;
  const settled = pending !== null && funds.withdrawn >= pending.withdrawn && funds.reclaimed >= pending.reclaimed;
  const expired = !settled && pending !== null && pending.deadline < finalTime;
  const lapsed = closing !== null && closing.deadline < finalTime;
  const open = thawed(channel, finalTime);
  const after = { ...(open ?? read(channel)), funds };
  return {
    assets: [{ ...asset, liabilities: asset.liabilities + deposited - withdrawn }],
    channels: [{ ...after, pending: settled || expired ? null : pending, closing: lapsed ? null : closing }],
    events: eventsOf(channel, asset, {
      deposited,
      withdrawn,
      settled,
      expired,
      lapsed,
      thawed: open?.status === "open",
    }),
  };
}

/** The channel once the chain was read about it. */
function read(channel: Channel): Channel {
  const { freeze } = channel;
  return freeze === null ? channel : { ...channel, freeze: { ...freeze, unread: false } };
}

interface Seen {
  readonly deposited: bigint;
  readonly withdrawn: bigint;
  readonly settled: boolean;
  readonly expired: boolean;
  readonly lapsed: boolean;
  readonly thawed: boolean;
}

function eventsOf({ id, key, pending, closing }: Channel, asset: Asset, seen: Seen): NewEvent[] {
  const { user, token } = key;
  const data = { channelId: id };
  const about = { account: user, token };
  const withdrawal = pending === null ? {} : { reference: hashWithdrawal(pending) };
  const events: NewEvent[] = [];
  if (seen.deposited > 0n) {
    events.push(entry("deposit.credited", asset, { from: "deposited", to: user, amount: seen.deposited }, data));
  }
  // One that takes nothing out, only collateral back, is settled too.
  if (seen.settled || seen.withdrawn > 0n) {
    const taken = { from: user, to: "withdrawn", amount: seen.withdrawn } as const;
    events.push(entry("withdrawal.settled", asset, seen.settled ? { ...taken, ...withdrawal } : taken, data));
  }
  if (seen.expired) events.push(fact("withdrawal.expired", data, { ...about, ...withdrawal }));
  if (seen.lapsed && closing !== null) {
    events.push(fact("closing.expired", data, { ...about, reference: hashClosing(closing) }));
  }
  if (seen.thawed) events.push(fact("channel.unfrozen", data, about));
  return events;
}
