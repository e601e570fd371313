import { encodeAnchor, encodeStatementRecord, nextPeriod, readBacking } from "../../../src/chain/liabilities";
import {
  keccakText,
  sumTree,
  ZERO_HASH,
  type LiabilityStatement,
  type SumLeaf,
  type SumNode,
  type SumPath,
} from "../../../src/protocol";
import type { LiabilityProof } from "../../../src/sdk";
import type { Town } from "../../helpers/clients";

/** What a system puts on chain, true or not. */
export type Claim = Partial<LiabilityStatement>;

/** Anchors and records a statement about points in the system's name: what it says is up to the caller. */
export async function anchorStatement(town: Town, root: SumNode, claim: Claim = {}): Promise<LiabilityStatement> {
  const { points: token } = town;
  const { deployment, node, system } = town.world;
  const block = claim.block ?? BigInt(await node.provider.getBlockNumber());
  const backing = await readBacking(node.provider, deployment.hub, { system, token, block });
  const of = { system, token, period: 0n };
  const period = claim.period ?? (await nextPeriod(node.provider, deployment.anchor, of));
  const about = { ...of, period, root: root.hash, total: root.sum, ...backing, block, commit: 1n, head: ZERO_HASH };
  const statement = { ...about, ...claim };
  for (const data of [encodeAnchor(statement), encodeStatementRecord(statement)]) {
    await (await node.account(0).sendTransaction({ to: deployment.anchor, data })).wait();
  }
  return statement;
}

/** The tree of these leaves, on chain, and what proves that each is in it. */
export async function publishTree(town: Town, leaves: readonly SumLeaf[], claim: Claim = {}) {
  const tree = sumTree(leaves);
  const statement = await anchorStatement(town, tree.root, claim);
  const proofOf = (position: number, more: Partial<LiabilityProof> = {}) =>
    proofFrom(statement, leaves[position]!, tree.path(position), more);
  return { statement, tree, proofOf };
}

export function proofFrom(
  statement: LiabilityStatement,
  leaf: SumLeaf,
  path: SumPath,
  more: Partial<LiabilityProof> = {},
): LiabilityProof {
  const transactions = { anchored: keccakText("anchored"), recorded: keccakText("recorded") };
  const publication = { statement, time: 0, decimals: 18, channels: 2, status: "final", transactions } as const;
  return { publication, leaf, path: { ...path, siblings: [...path.siblings] }, version: 0n, seq: 0n, ...more };
}
