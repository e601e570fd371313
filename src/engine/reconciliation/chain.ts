import { balance, type Address, type AssetSettings, type ChannelId, type Funds } from "../../protocol";
import type { Ledger } from "../ledger";
import type { Asset, Channel } from "../records";
import { compare, compareFields, type Difference } from "./difference";

/** A channel as the final chain has it. */
export interface ChainChannel {
  readonly epoch: bigint;
  readonly closing: boolean;
  /** Zero while a close is pending. */
  readonly funds: Funds;
}

/** An asset as the final chain has it. */
export interface ChainAsset {
  readonly settings: AssetSettings;
  /** What may be owed besides what is owed: what the issuer may mint, or the free reserve. */
  readonly limit: bigint;
  readonly reserve: bigint;
  /** What the hub holds of the token, for all systems. */
  readonly hubBalance: bigint;
}

/** What one final block says of a system. */
export interface ChainView {
  /** Unix seconds. */
  readonly finalTime: bigint;
  readonly assets: ReadonlyMap<Address, ChainAsset>;
  /** By the channel as the service knows it; only those that were asked for. */
  readonly channels: ReadonlyMap<ChannelId, ChainChannel>;
}

/** What the chain says otherwise than the service. */
export function differencesOnChain(ledger: Ledger, chain: ChainView): Difference[] {
  const channels = [...chain.channels].flatMap(([id, is]) => {
    const channel = ledger.channel(id);
    return channel === undefined ? [] : differencesOfChannel(channel, is, chain.finalTime);
  });
  const assets = [...ledger.assets.values()].flatMap((asset) => differencesOfAsset(ledger, asset, chain));
  return [...channels, ...assets];
}

function differencesOfChannel(channel: Channel, chain: ChainChannel, finalTime: bigint): Difference[] {
  const { id, key, funds, pending } = channel;
  const subject = { channel: id, token: key.token };
  if (channel.status === "settled") return [];
  if (chain.epoch !== key.epoch) return compare("chain_epoch", subject, key.epoch, chain.epoch);
  if (chain.closing) return compare("chain_closing", subject, channel.status, "frozen");
  const over =
    pending !== null &&
    (pending.deadline < finalTime ||
      (chain.funds.withdrawn >= pending.withdrawn && chain.funds.reclaimed >= pending.reclaimed));
  return [
    ...compareFields("chain_funds", subject, funds, chain.funds),
    ...(over ? compare("pending_over", subject, pending, null) : []),
  ];
}

function differencesOfAsset(ledger: Ledger, { token, settings, limit }: Asset, chain: ChainView): Difference[] {
  const asset = chain.assets.get(token);
  if (asset === undefined) return [];
  let collateral = 0n;
  for (const [id, { funds }] of chain.channels) {
    if (ledger.channel(id)?.key.token === token) collateral += funds.collateral;
  }
  const held = asset.reserve + collateral;
  return [
    ...compareFields("chain_settings", { token }, settings, asset.settings),
    ...(settings.backing === "collateral" ? [] : compare("chain_limit", { token }, limit, asset.limit)),
    ...(asset.hubBalance < held ? compare("hub_balance", { token }, asset.hubBalance, held) : []),
  ];
}

/** What a channel is owed beyond its own collateral, in an asset that promises to cover it (section 2). */
export function differencesInCover({ settings, token }: Asset, channel: Channel): Difference[] {
  if (settings.backing !== "collateral" || channel.key.token !== token || channel.status !== "open") return [];
  const { id, funds, state, note } = channel;
  const owed = balance(funds, state, note) + note.locked;
  if (owed <= funds.collateral) return [];
  return compare("not_covered", { channel: id, token }, funds.collateral, owed);
}
