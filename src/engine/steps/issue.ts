import type { CommandOf } from "../commands";
import { accountIn, assetIn, openChannelOf, type Changes, type LedgerView } from "../view";
import { requireNotClosed } from "./accountStatus";
import { Draft } from "./draft";

/**
 * Gives an account new money: a note alone (section 7).
 * @throws unknown_account, account_closed, unknown_asset, unknown_channel, channel_frozen, closing_pending, not_covered, allotment_exceeded, invalid_amount
 */
export function issue(view: LedgerView, command: CommandOf<"issue">): Changes {
  const { token, amount, reference } = command;
  const account = requireNotClosed(accountIn(view, command.account));
  const asset = assetIn(view, account.system, token);
  const draft = new Draft(view);
  const channel = openChannelOf(view, account, token);
  draft.note(channel, { type: "issue", amount, reference });
  const sides = { from: "issued", to: account.address, amount, reference } as const;
  draft.move("money.issued", asset, sides, { channelId: channel.id, seq: channel.note.seq + 1n });
  draft.owe(asset, amount);
  return draft.finish(true);
}
