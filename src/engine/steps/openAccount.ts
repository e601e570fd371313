import { fail } from "../../errors";
import { channelId, emptyNote, emptyState, NO_FUNDS, type ChannelKey, type Funds } from "../../protocol";
import type { CommandOf, Opening } from "../commands";
import { fact } from "../events";
import type { Account, Asset, Channel } from "../records";
import { assetIn, type Changes, type LedgerView } from "../view";
import { NO_CLOSE } from "./freeze";

/**
 * Opens an account with a channel per token; the chain hears nothing of it.
 * @throws account_exists, unknown_asset
 */
export function openAccount(view: LedgerView, { account, tokens, isNew = false }: Opening): Changes {
  if (view.account(account.address) !== undefined) fail("account_exists", { account: account.address });
  const channels = tokens.map((token) => {
    const asset = assetIn(view, account.system, token);
    return isNew ? newChannel(keyOf(asset, account), NO_FUNDS, null) : firstChannel(asset, account);
  });
  const { address, custody } = account;
  return {
    accounts: [account],
    channels,
    events: [fact("account.opened", { custody, tokens }, { account: address })],
  };
}

/**
 * Opens many accounts: all of them or none.
 * @throws what {@link openAccount} throws
 */
export function openAccounts(view: LedgerView, { openings }: CommandOf<"openAccounts">): Changes {
  const addresses = new Set(openings.map(({ account }) => account.address));
  if (addresses.size < openings.length) fail("account_exists");
  const opened = openings.map((opening) => openAccount(view, opening));
  return {
    accounts: opened.flatMap(({ accounts = [] }) => accounts),
    channels: opened.flatMap(({ channels = [] }) => channels),
    events: opened.flatMap(({ events = [] }) => events),
  };
}

/**
 * The channel of an account in a token that it was not kept in. S may have signed for it before a loss of data (S7): then the
 * chain, where the channel may have been, is to be read first.
 */
export function firstChannel(asset: Asset, account: Account): Channel {
  const channel = newChannel(keyOf(asset, account), NO_FUNDS, asset.lost);
  return channel.freeze === null ? channel : { ...channel, freeze: { ...channel.freeze, unread: true } };
}

function keyOf({ system, token }: Asset, { address: user }: Account): ChannelKey {
  return { system, user, token, epoch: 0n };
}

/**
 * A channel at the start of an epoch.
 * @param lost as {@link Freeze.lost}
 */
export function newChannel(key: ChannelKey, funds: Funds, lost: bigint | null): Channel {
  const id = channelId(key);
  return {
    id,
    key,
    status: lost === null ? "open" : "frozen",
    funds,
    state: emptyState(id),
    note: emptyNote(id),
    outgoing: [],
    incoming: [],
    pending: null,
    closing: null,
    freeze: lost === null ? null : { ...NO_CLOSE, lost },
  };
}
