import { ZeroAddress, type Provider } from "ethers";

import type { Address, AssetSettings, ChannelId, ChannelKey, Funds } from "../protocol";
import { IChannelHub__factory, IERC20__factory } from "../../typechain-types";
import { readAsset } from "./assets";
import { answered } from "./hubErrors";

/** The hub's books of a system, of its channels and of what they hold. */
export interface BooksOnChain {
  /** Unix seconds of the final block that all channels were read at. */
  readonly finalTime: bigint;
  readonly assets: Map<
    Address,
    { readonly settings: AssetSettings; readonly limit: bigint; readonly reserve: bigint; readonly hubBalance: bigint }
  >;
  readonly channels: Map<ChannelId, { readonly epoch: bigint; readonly closing: boolean; readonly funds: Funds }>;
}

/** Calls to the node at once; the provider sends many in one request. */
const AT_ONCE = 100;

/**
 * Reads the channels at the final block, and the assets as they are now.
 * @throws chain_unreachable, unknown_asset
 */
export async function readBooks(
  provider: Provider,
  hub: Address,
  system: Address,
  tokens: readonly Address[],
  channels: readonly { readonly id: ChannelId; readonly key: ChannelKey }[],
): Promise<BooksOnChain> {
  const contract = IChannelHub__factory.connect(hub, provider);
  const block = (await answered(provider.getBlock("finalized")))!;
  const books: BooksOnChain = { finalTime: BigInt(block.timestamp), assets: new Map(), channels: new Map() };
  for (const token of tokens) {
    const { settings, limit } = await answered(readAsset(provider, hub, system, token));
    const { reserve } = await answered(contract.assetOf(system, token));
    const hubBalance = await answered(
      token === ZeroAddress ? provider.getBalance(hub) : IERC20__factory.connect(token, provider).balanceOf(hub),
    );
    books.assets.set(token, { settings, limit, reserve, hubBalance });
  }
  for (let i = 0; i < channels.length; i += AT_ONCE) {
    const some = channels.slice(i, i + AT_ONCE);
    const views = await Promise.all(
      some.map(({ key }) => answered(contract.channelOf(key, { blockTag: block.number }))),
    );
    views.forEach(({ epoch, closing, deposited, withdrawn, reclaimed, collateral }, j) => {
      books.channels.set(some[j]!.id, { epoch, closing, funds: { deposited, withdrawn, reclaimed, collateral } });
    });
  }
  return books;
}
