import { ChainNode, httpProvider, Hub, type Eip1193Provider } from "../../../src/sdk/chain";
import type { Asset, System } from "./service";

/** An asset with the name that its token gives itself. */
export interface NamedAsset extends Asset {
  readonly symbol: string;
}

/** The chain's node at an address, or that of the wallet in the browser. */
export function nodeAt(rpc: string | Eip1193Provider): ChainNode {
  return new ChainNode(typeof rpc === "string" ? httpProvider(rpc) : rpc);
}

/** What tokens call themselves does not change: each is asked once. */
const symbols = new Map<string, string>();

/** Each asset with its token's name, or the token's address where no node says it. */
export async function named(
  assets: readonly Asset[],
  systems: readonly System[],
  node: ChainNode | undefined,
): Promise<readonly NamedAsset[]> {
  return Promise.all(
    assets.map(async (asset) => {
      const hub = systems.find(({ address }) => address === asset.system)?.hub;
      const fallback = `${asset.token.slice(0, 8)}…`;
      if (node === undefined || hub === undefined) return { ...asset, symbol: fallback };
      const known =
        symbols.get(hub + asset.token) ?? (await new Hub(hub, node).symbol(asset.token).catch(() => undefined));
      if (known !== undefined) symbols.set(hub + asset.token, known);
      return { ...asset, symbol: (known !== undefined && presentable(known)) || fallback };
    }),
  );
}

/** A token may call itself anything: what would break a line, or pass for something else, is not shown. */
function presentable(symbol: string): string | undefined {
  return /^[\p{L}\p{N}$€¥£.\-+_]{1,12}$/u.test(symbol) ? symbol : undefined;
}
