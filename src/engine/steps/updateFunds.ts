import { fail } from "../../errors";
import { ZERO_HASH } from "../../protocol";
import type { CommandOf } from "../commands";
import { entry } from "../journal";
import { assetIn, channelIn, type Changes, type LedgerView } from "../view";

/**
 * Takes over what the final chain says of a channel: deposits count from here on, a withdrawal that is there or whose
 * deadline has passed is no longer pending, nor is a closing whose deadline has passed.
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
  const done =
    pending !== null &&
    (pending.deadline < finalTime || (funds.withdrawn >= pending.withdrawn && funds.reclaimed >= pending.reclaimed));
  const lapsed = closing !== null && closing.deadline < finalTime;
  const user = channel.key.user;
  return {
    assets: [{ ...asset, liabilities: asset.liabilities + deposited - withdrawn }],
    channels: [{ ...channel, funds, pending: done ? null : pending, closing: lapsed ? null : closing }],
    journal: [
      ...(deposited > 0n ? entry(asset, "deposited", user, deposited, ZERO_HASH) : []),
      ...(withdrawn > 0n ? entry(asset, user, "withdrawn", withdrawn, ZERO_HASH) : []),
    ],
  };
}
