import { JsonRpcProvider } from "ethers";

import { HubClient, readDeployment, type Deployment } from "../chain";
import { addSigner, issueToken, readAsset } from "../chain/assets";
import { deployFor, startNode } from "../chain/localNode";
import { fail } from "../errors";
import { addressOf, toAddress, type Domain, type Hex } from "../protocol";
import type { RemoteChain, SystemSettings } from "./config";

const DAY = 86_400n;
const TERMS = {
  challengePeriod: 3n * DAY,
  claimWindow: 3n * DAY,
  lockLimit: 7n * DAY,
  award: 0n,
  staleFee: 10n ** 15n,
};

/** The chain that a service's systems are on. */
export interface SystemChain {
  /** Without what may be secret in it. */
  readonly url: string;
  readonly runner: JsonRpcProvider;
  readonly deployment: Deployment;
  /** It begins anew with every start: its blocks are final at once, and none is remembered. */
  readonly isLocal: boolean;
  /** Of system accounts that are nobody's secret. */
  readonly gasKeys: readonly Hex[];
  readonly domain: Domain;
  readonly systems: readonly SystemSettings[];
  stop(): void;
}

/**
 * Connects to a chain that somebody else runs.
 * @throws invalid_input if the contracts were not deployed there
 */
export async function connectChain({ rpcUrl, deployments, systems }: RemoteChain): Promise<SystemChain> {
  const runner = new JsonRpcProvider(rpcUrl);
  const { chainId } = await runner.getNetwork();
  const deployment = readDeployment(chainId, deployments);
  return {
    url: new URL(rpcUrl).origin,
    runner,
    ...{ deployment, isLocal: false, gasKeys: [] },
    domain: { chainId, hub: deployment.hub },
    systems,
    stop: () => runner.destroy(),
  };
}

/** Starts a local chain with the contracts, a system of its own (the node's account 0) and one issued token. */
export async function startLocalChain(signerKey: Hex): Promise<SystemChain> {
  const node = await startNode();
  try {
    const deployment = await deployFor(node);
    const { chainId, hub } = deployment;
    const operator = node.account(0);
    const points = { name: "Points", symbol: "POINT", decimals: 18, minter: hub };
    const token = await issueToken(operator, hub, points, { backing: "issued", ...TERMS });
    await addSigner(operator, hub, addressOf(signerKey));
    const { url, provider: runner } = node;
    const tokens = [toAddress(await token.getAddress())];
    const systems = [{ address: toAddress(operator.address), tokens, signerKey }];
    const ours = { deployment, isLocal: true, gasKeys: [node.privateKey(0) as Hex] };
    return { url, runner, ...ours, domain: { chainId, hub }, systems, stop: () => node.stop() };
  } catch (error) {
    node.stop();
    throw error;
  }
}

/**
 * Refuses to start with keys or tokens that the hub does not know: what is signed with them would be worth nothing.
 * @throws unregistered_signer, unknown_asset
 */
export async function checkSystems({ runner, domain, systems }: SystemChain): Promise<void> {
  const hub = new HubClient(domain.hub, runner);
  for (const { address, tokens, signerKey } of systems) {
    const signer = addressOf(signerKey);
    if (!(await hub.isSigner(address, signer))) fail("unregistered_signer", { system: address, signer });
    for (const token of tokens) await readAsset(runner, domain.hub, address, token);
  }
}
