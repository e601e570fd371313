import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { createWorld, type Chain, type World } from "../../scripts/demo/world";
import { deployFor } from "../../src/chain/localDeployment";
import { startNode } from "../../src/chain/localNode";

/** A chain with the way back to when nothing had happened on it but the deployment. */
interface Kept extends Chain {
  readonly snapshot: string;
  /** Accounts whose nonces were counted since. */
  readonly used: Set<number>;
}

/** Those that tests have given back: a node and a deployment cost seconds. */
const kept: Kept[] = [];

/**
 * A world in a temporary folder, on a chain that is as new.
 * @param now the service's clock, in Unix seconds, unless it goes by the machine's
 */
export async function testWorld(now?: () => bigint): Promise<World> {
  return await createWorld(mkdtempSync(path.join(tmpdir(), "starledger-world-")), now, await freshChain());
}

async function freshChain(): Promise<Chain> {
  const earlier = kept.pop();
  const { node, deployment } = earlier ?? (await startChain());
  if (earlier !== undefined) await renew(earlier);
  const snapshot = (await node.provider.send("evm_snapshot", [])) as string;
  const used = new Set<number>();
  const account = (index: number) => {
    used.add(index);
    return node.account(index);
  };
  const stop = (): void => void kept.push({ node, deployment, snapshot, used });
  return { node: { ...node, account, stop }, deployment };
}

async function startChain(): Promise<Chain> {
  const node = await startNode();
  return { node, deployment: await deployFor(node) };
}

/** As it was, at the time that it is. */
async function renew({ node, snapshot, used }: Kept): Promise<void> {
  const { provider } = node;
  await provider.removeAllListeners();
  await provider.send("evm_setAutomine", [true]);
  await provider.send("evm_revert", [snapshot]);
  for (const index of used) node.account(index).reset();
  const { timestamp } = (await provider.getBlock("latest"))!;
  const behind = Math.floor(Date.now() / 1_000) - timestamp;
  if (behind > 0) await provider.send("evm_setNextBlockTimestamp", [timestamp + behind]);
  await provider.send("evm_mine", []);
}
