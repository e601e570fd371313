import { connect, HubClient, readDeployment, type Deployment, type NodeProvider } from "../chain";
import { addSigner, issueToken, readAsset } from "../chain/assets";
import { deployFor } from "../chain/localDeployment";
import { startNode } from "../chain/localNode";
import { fail } from "../errors";
import { toAddress, type Address, type Domain, type Hex } from "../protocol";
import { openKey, transactionSigner, type Key, type Opening, type TransactionSigner } from "../signer";
import type { Keys, RemoteChain } from "./config";

const DAY = 86_400n;
const TERMS = {
  challengePeriod: 3n * DAY,
  claimWindow: 3n * DAY,
  lockLimit: 7n * DAY,
  award: 0n,
  staleFee: 10n ** 15n,
};

/** A system that the service runs. */
export interface System {
  readonly address: Address;
  /** What it has listed on the hub. */
  readonly tokens: readonly Address[];
  /** One of its signers on the hub. */
  readonly signer: Key;
}

/** The chain that a service's systems are on. */
export interface SystemChain {
  /** Without what may be secret in it. */
  readonly url: string;
  readonly runner: NodeProvider;
  readonly deployment: Deployment;
  /** It begins anew with every start: its blocks are final at once, and none is remembered. */
  readonly isLocal: boolean;
  /** Of system accounts that are nobody's secret. */
  readonly gasKeys: readonly Hex[];
  readonly domain: Domain;
  readonly systems: readonly System[];
  stop(): void;
}

/**
 * Connects to a chain that somebody else runs.
 * @throws chain_unreachable, wrong_chain, unknown_deployment if the contracts were not deployed there, and what {@link openKey}
 * throws
 */
export async function connectChain(
  { rpcUrls, deployments, ...settings }: RemoteChain,
  keys: Opening,
): Promise<SystemChain> {
  const systems: System[] = [];
  for (const { signerKey, ...system } of settings.systems) {
    systems.push({ ...system, signer: await openKey(signerKey, keys) });
  }
  const runner = await connect(rpcUrls);
  const { chainId } = await runner.getNetwork();
  const deployment = readDeployment(chainId, deployments);
  return {
    url: rpcUrls.map((url) => new URL(url).origin).join(", "),
    runner,
    ...{ deployment, isLocal: false, gasKeys: [] },
    domain: { chainId, hub: deployment.hub },
    systems,
    stop: () => runner.destroy(),
  };
}

/** Starts a local chain with the contracts, a system of its own (the node's account 0) and one issued token. */
export async function startLocalChain(signer: Key): Promise<SystemChain> {
  const node = await startNode();
  try {
    const deployment = await deployFor(node);
    const { chainId, hub } = deployment;
    const operator = node.account(0);
    const points = { name: "Points", symbol: "POINT", decimals: 18, minter: hub };
    const token = await issueToken(operator, hub, points, { backing: "issued", ...TERMS });
    await addSigner(operator, hub, signer.address);
    const { url, provider: runner } = node;
    const tokens = [toAddress(await token.getAddress())];
    const systems = [{ address: toAddress(operator.address), tokens, signer }];
    const ours = { deployment, isLocal: true, gasKeys: [node.privateKey(0) as Hex] };
    return { url, runner, ...ours, domain: { chainId, hub }, systems, stop: () => node.stop() };
  } catch (error) {
    node.stop();
    throw error;
  }
}

/**
 * Refuses to start with keys or tokens that the hub does not know, for what is signed with them would be worth nothing; and
 * with keys for gas that could sign states.
 * @throws unregistered_signer, signer_pays_gas, unknown_asset
 */
export async function checkSystems(
  { runner, domain, systems }: SystemChain,
  senders: readonly TransactionSigner[],
): Promise<void> {
  const hub = new HubClient(domain.hub, runner);
  for (const { address, tokens, signer } of systems) {
    if (!(await hub.isSigner(address, signer.address))) {
      fail("unregistered_signer", { system: address, signer: signer.address });
    }
    for (const sender of senders) {
      if (await hub.isSigner(address, toAddress(sender.address))) {
        fail("signer_pays_gas", { system: address, signer: toAddress(sender.address) });
      }
    }
    for (const token of tokens) await readAsset(runner, domain.hub, address, token);
  }
}

/**
 * Who signs the transactions of system accounts.
 * @throws what {@link openKey} throws
 */
export async function openSenders({ gasKeys }: SystemChain, { gas, ...opening }: Keys): Promise<TransactionSigner[]> {
  const senders: TransactionSigner[] = [];
  for (const reference of [...gasKeys, ...gas]) senders.push(transactionSigner(await openKey(reference, opening)));
  return senders;
}
