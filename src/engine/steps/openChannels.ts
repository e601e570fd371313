import { NO_FUNDS } from "../../protocol";
import type { CommandOf } from "../commands";
import { fact } from "../events";
import { accountIn, assetIn, type Changes, type LedgerView } from "../view";
import { requireNotClosed } from "./accountStatus";
import { newChannel } from "./openAccount";

/**
 * Gives an account channels for more tokens; those that it has stay as they are.
 * @throws unknown_account, account_closed, unknown_asset
 */
export function openChannels(view: LedgerView, { account, tokens }: CommandOf<"openChannels">): Changes {
  const { address: user, system } = requireNotClosed(accountIn(view, account));
  const missing = tokens.filter(
    (token) => view.channelOf(system, user, assetIn(view, system, token).token) === undefined,
  );
  if (missing.length === 0) return {};
  return {
    channels: missing.map((token) => newChannel({ system, user, token, epoch: 0n }, NO_FUNDS)),
    events: [fact("account.tokensAdded", { tokens: missing }, { account: user })],
  };
}
