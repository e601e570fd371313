import { differencesInBooks } from "../conservation";
import type { Ledger } from "../ledger";
import type { Channel } from "../records";
import type { LedgerAccount } from "../events";
import type { Address, ChannelId } from "../../protocol";
import { differencesInCover, differencesOnChain, type ChainView } from "./chain";
import { compare, type Difference } from "./difference";
import { differencesInStore } from "./stored";

/** What a ledger is held against. */
export interface Records {
  /** Σ of the log's entries per account, by token. */
  readonly totals: ReadonlyMap<Address, ReadonlyMap<LedgerAccount, bigint>>;
  /** The store's ledger, read anew. */
  readonly stored: Ledger;
  /** The channels whose pending withdrawal the store has with both signatures. */
  readonly signed: ReadonlySet<ChannelId>;
  /** Null: the chain was not asked. */
  readonly chain: ChainView | null;
}

/**
 * Names every difference between what one system's records say: the service's memory, the log, the store and the chain
 * (property 1). None of them is taken for right: `want` is what the others lead to.
 */
export function reconcile(ledger: Ledger, { totals, stored, signed, chain }: Records): Difference[] {
  const assets = [...ledger.assets.values()];
  return [
    ...assets.flatMap((asset) =>
      differencesInBooks(ledger, asset, totals.get(asset.token) ?? new Map<LedgerAccount, bigint>()),
    ),
    ...assets.flatMap((asset) => {
      const { token, settings, liabilities, limit } = asset;
      const exceeded = settings.backing !== "collateral" && liabilities > limit;
      return [
        ...(exceeded ? compare("limit_exceeded", { token }, liabilities, limit) : []),
        ...eachChannel(ledger, (channel) => differencesInCover(asset, channel)),
      ];
    }),
    ...differencesInStore(ledger, stored),
    ...eachChannel(ledger, ({ id, key, pending }) => {
      return pending === null || signed.has(id)
        ? []
        : compare("pending_unsigned", { channel: id, token: key.token }, "nothing", pending);
    }),
    ...(chain === null ? [] : differencesOnChain(ledger, chain)),
  ];
}

/** One after the other: whole, all of them together would be many times what they rest in. */
function eachChannel(ledger: Ledger, differences: (channel: Channel) => readonly Difference[]): Difference[] {
  const found: Difference[] = [];
  for (const channel of ledger.channels.values()) found.push(...differences(channel));
  return found;
}
