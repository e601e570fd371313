import type { CommandOf } from "../commands";
import { fact } from "../events";
import { accountIn, assetIn, type Changes, type LedgerView } from "../view";
import { requireNotClosed } from "./accountStatus";
import { firstChannel } from "./openAccount";

/**
 * Gives an account channels for more tokens; those that it has stay as they are.
 * @throws unknown_account, account_closed, unknown_asset
 */
export function openChannels(view: LedgerView, { account, tokens }: CommandOf<"openChannels">): Changes {
  const owner = requireNotClosed(accountIn(view, account));
  const { address: user, system } = owner;
  const assets = tokens.map((token) => assetIn(view, system, token));
  const missing = assets.filter(({ token }) => view.channelOf(system, user, token) === undefined);
  if (missing.length === 0) return {};
  return {
    channels: missing.map((asset) => firstChannel(asset, owner)),
    events: [fact("account.tokensAdded", { tokens: missing.map(({ token }) => token) }, { account: user })],
  };
}
