import { named, nodeAt, type NamedAsset } from "./chain";
import { anyone, type System } from "./service";
import { useAsked, type Asked } from "./useAsked";

/** What a service says of itself to anyone. */
export interface Service {
  readonly systems: readonly System[];
  readonly assets: readonly NamedAsset[];
  /** Where the page may ask the chain; undefined where the operator names no node. */
  readonly rpc: string | undefined;
  /** Where a transaction is shown, with `{transaction}` for its hash; null for nowhere. */
  readonly explorer: string | null;
}

export async function readService(): Promise<Service> {
  const [systems, assets, surroundings] = await Promise.all([anyone.systems(), anyone.assets(), anyone.surroundings()]);
  const { nodes, explorer } = surroundings;
  const [rpc] = nodes;
  return { systems, assets: await named(assets, systems, rpc === undefined ? undefined : nodeAt(rpc)), rpc, explorer };
}

export function useService(interval = 0): Asked<Service> {
  return useAsked(readService, interval);
}
