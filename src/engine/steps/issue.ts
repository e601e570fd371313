import type { CommandOf } from "../commands";
import { accountIn, assetIn, openChannelOf, type Changes, type LedgerView } from "../view";
import { Draft } from "./draft";

/**
 * Gives an account new money: a note alone (section 7).
 * @throws unknown_account, unknown_asset, unknown_channel, channel_frozen, closing_pending, not_covered, allotment_exceeded, invalid_amount
 */
export function issue(view: LedgerView, command: CommandOf<"issue">): Changes {
  const { token, amount, reference } = command;
  const account = accountIn(view, command.account);
  const asset = assetIn(view, account.system, token);
  const draft = new Draft(view);
  draft.note(openChannelOf(view, account, token), { type: "issue", amount, reference });
  draft.move(asset, "issued", account.address, amount, reference);
  draft.owe(asset, amount);
  return draft.finish(true);
}
