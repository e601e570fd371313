import type { CommandOf } from "../commands";
import { entry } from "../journal";
import { accountIn, assetIn, openChannelOf, type Changes, type LedgerView } from "../view";
import { credit, withLiabilities } from "./credit";

/**
 * Gives an account new money: a note alone (section 7).
 * @throws unknown_account, unknown_asset, unknown_channel, channel_frozen, closing_pending, not_covered, allotment_exceeded, invalid_amount
 */
export function issue(view: LedgerView, command: CommandOf<"issue">): Changes {
  const { token, amount, reference } = command;
  const account = accountIn(view, command.account);
  const asset = assetIn(view, account.system, token);
  const before = openChannelOf(view, account, token);
  const { channel, issued } = credit(view, before, asset, [{ type: "issue", amount, reference }]);
  return {
    assets: [withLiabilities(asset, amount)],
    channels: [channel],
    notes: [issued],
    journal: entry(asset, "issued", account.address, amount, reference),
  };
}
