import type { Address } from "../../protocol";
import { ISSUED_TOKEN } from "./abi";
import type { BlockTag } from "./chainNode";
import { number, type AssetOnChain, type Hub } from "./hub";

/** What stands behind a token of a system, in base units. */
export interface Backing {
  readonly kind: AssetOnChain["settings"]["backing"];
  readonly reserve: bigint;
  readonly bond: bigint;
  /** What the issuer may still mint; 0 for a token that the system does not issue. */
  readonly issueLimit: bigint;
}

/**
 * Reads what stands behind a token as of a block.
 * @throws unknown_asset, chain_unreachable
 */
export async function backingOf(hub: Hub, system: Address, token: Address, tag: BlockTag): Promise<Backing> {
  const { settings, reserve, bond } = await hub.asset(system, token, tag);
  const { backing: kind } = settings;
  if (kind !== "issued") return { kind, reserve, bond, issueLimit: 0n };
  const ask = async (name: string) =>
    number(await hub.node.read({ to: token, abi: ISSUED_TOKEN, name, inputs: [] }, tag));
  const [cap, supply] = await Promise.all([ask("cap"), ask("totalSupply")]);
  return { kind, reserve, bond, issueLimit: cap - supply };
}
