import path from "node:path";

import { JsonRpcProvider, type ContractRunner } from "ethers";

import { readDeployment } from "../chain";
import { addSigner, issueToken } from "../chain/assets";
import { deployTo, PACKAGE_ROOT, startNode } from "../chain/localNode";
import { addressOf, toAddress, type Address, type Domain, type Hex } from "../protocol";
import type { RemoteChain } from "./config";

const DAY = 86_400n;
const TERMS = {
  challengePeriod: 3n * DAY,
  claimWindow: 3n * DAY,
  lockLimit: 7n * DAY,
  award: 0n,
  staleFee: 10n ** 15n,
};

/** The chain that a service's system is on. */
export interface SystemChain {
  /** Without what may be secret in it. */
  readonly url: string;
  readonly runner: ContractRunner;
  readonly domain: Domain;
  readonly system: Address;
  /** The tokens that the system has listed. */
  readonly tokens: readonly Address[];
  stop(): void;
}

/**
 * Connects to a chain that somebody else runs.
 * @throws invalid_input if the contracts were not deployed there
 */
export async function connectChain({ rpcUrl, deployments, system, tokens }: RemoteChain): Promise<SystemChain> {
  const runner = new JsonRpcProvider(rpcUrl);
  const { chainId } = await runner.getNetwork();
  const { hub } = readDeployment(chainId, deployments);
  return {
    url: new URL(rpcUrl).origin,
    runner,
    domain: { chainId, hub },
    system,
    tokens,
    stop: () => runner.destroy(),
  };
}

/** Starts a local chain with the contracts, a system of its own (the node's account 0) and one issued token. */
export async function startLocalChain(signerKey: Hex): Promise<SystemChain> {
  const node = await startNode();
  try {
    deployTo(node);
    const { chainId } = await node.provider.getNetwork();
    const { hub } = readDeployment(chainId, path.join(PACKAGE_ROOT, "deployments"));
    const operator = node.account(0);
    const points = { name: "Points", symbol: "POINT", decimals: 18, minter: hub };
    const token = await issueToken(operator, hub, points, { backing: "issued", ...TERMS });
    await addSigner(operator, hub, addressOf(signerKey));
    const tokens = [toAddress(await token.getAddress())];
    const { url, provider: runner } = node;
    const system = toAddress(operator.address);
    return { url, runner, domain: { chainId, hub }, system, tokens, stop: () => node.stop() };
  } catch (error) {
    node.stop();
    throw error;
  }
}
