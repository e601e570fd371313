import type { Provider } from "ethers";

import { BACKINGS, hashStatement, STATEMENT_TOPIC, type Address, type Hex, type LiabilityStatement } from "../protocol";
import { IChannelHub__factory, ILiabilityAnchor__factory, IssuedToken__factory } from "../../typechain-types";
import { answered } from "./hubErrors";

/** What stands behind a token of a system as of a block, in base units. */
export interface BackingOnChain {
  readonly reserve: bigint;
  readonly bond: bigint;
  /** What the issuer may still mint; 0 for what it does not issue. */
  readonly issueLimit: bigint;
}

/** @throws chain_unreachable */
export async function readBacking(
  provider: Provider,
  hub: Address,
  { system, token, block }: Pick<LiabilityStatement, "system" | "token" | "block">,
): Promise<BackingOnChain> {
  const at = { blockTag: Number(block) };
  const { reserve, bond, backing } = await answered(
    IChannelHub__factory.connect(hub, provider).assetOf(system, token, at),
  );
  if (BACKINGS[Number(backing)] !== "issued") return { reserve, bond, issueLimit: 0n };
  const contract = IssuedToken__factory.connect(token, provider);
  const [cap, supply] = await answered(Promise.all([contract.cap(at), contract.totalSupply(at)]));
  return { reserve, bond, issueLimit: cap - supply };
}

/**
 * The first period from `period` on that has not been anchored.
 * @throws chain_unreachable
 */
export async function nextPeriod(
  provider: Provider,
  anchor: Address,
  { system, token, period }: Pick<LiabilityStatement, "system" | "token" | "period">,
): Promise<bigint> {
  const contract = ILiabilityAnchor__factory.connect(anchor, provider);
  const isTaken = async (one: bigint) => BigInt(await answered(contract.anchorOf(system, token, one))) !== 0n;
  let next = period;
  while (await isTaken(next)) next++;
  return next;
}

const ANCHOR = ILiabilityAnchor__factory.createInterface();

/** The call by which a system anchors root and total of a period. */
export function encodeAnchor({ token, period, root, total }: LiabilityStatement): Hex {
  return ANCHOR.encodeFunctionData("anchor", [token, period, root, total]) as Hex;
}

/** The call by which it records the statement. */
export function encodeStatementRecord(statement: LiabilityStatement): Hex {
  return ANCHOR.encodeFunctionData("anchorRecord", [STATEMENT_TOPIC, hashStatement(statement)]) as Hex;
}

/**
 * Whether the chain has what a system says that it published.
 * @throws chain_unreachable
 */
export async function isPublished(
  provider: Provider,
  anchor: Address,
  statement: LiabilityStatement,
): Promise<{ readonly anchored: boolean; readonly recorded: boolean }> {
  const contract = ILiabilityAnchor__factory.connect(anchor, provider);
  const { system, token, period, root, total } = statement;
  const [anchored, recordedAt] = await answered(
    Promise.all([
      contract.isAnchored(system, token, period, root, total),
      contract.recordedAt(system, STATEMENT_TOPIC, hashStatement(statement)),
    ]),
  );
  return { anchored, recorded: recordedAt !== 0n };
}
