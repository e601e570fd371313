import type { Artifact, DeploymentResult, EIP1193Provider } from "@nomicfoundation/ignition-core";

import { fail } from "../errors";
import { toAddress, type Address } from "../protocol";
import {
  ChannelHub__factory,
  DepositRouter__factory,
  HTLC__factory,
  HubBooks__factory,
  LiabilityAnchor__factory,
  PreimageRegistry__factory,
} from "../../typechain-types";
import type { Deployment } from "./deployment";
import type { LocalNode } from "./localNode";

const CONTRACTS = {
  PreimageRegistry: PreimageRegistry__factory,
  HubBooks: HubBooks__factory,
  ChannelHub: ChannelHub__factory,
  DepositRouter: DepositRouter__factory,
  HTLC: HTLC__factory,
  LiabilityAnchor: LiabilityAnchor__factory,
};
/** Milliseconds between two looks whether a transaction is mined: the node mines each at once. */
const LOOK_EVERY = 5;

/**
 * Deploys the contracts to a chain that ends with this process, by the same modules as on any network, and keeps nothing of it on
 * disk.
 */
export async function deployFor({ provider }: LocalNode): Promise<Deployment> {
  // They are there for development alone.
  const [{ deploy }, { default: router }, { default: standalone }] = await Promise.all([
    import("@nomicfoundation/ignition-core"),
    import("../../deploy/modules/04_deposit_router"),
    import("../../deploy/modules/03_standalone"),
  ]);
  const { chainId } = await provider.getNetwork();
  const deployedAtBlock = BigInt(await provider.getBlockNumber()) + 1n;
  const setting = {
    accounts: (await provider.send("eth_accounts", [])) as string[],
    config: { blockPollingInterval: LOOK_EVERY, requiredConfirmations: 1 },
    deploymentParameters: {},
    provider: {
      request: ({ method, params }: Parameters<EIP1193Provider["request"]>[0]) =>
        provider.send(method, (params ?? []) as unknown[]) as Promise<unknown>,
    },
    artifactResolver: { loadArtifact, getBuildInfo: () => Promise.resolve(undefined) },
  };
  const addresses = {
    ...addressesOf(await deploy({ ...setting, ignitionModule: router })),
    ...addressesOf(await deploy({ ...setting, ignitionModule: standalone })),
  };
  const at = (name: keyof typeof CONTRACTS): Address => addresses[name]!;
  return {
    ...{ chainId, deployedAtBlock, registry: at("PreimageRegistry"), books: at("HubBooks"), hub: at("ChannelHub") },
    ...{ htlc: at("HTLC"), anchor: at("LiabilityAnchor"), depositRouter: at("DepositRouter") },
  };
}

/** By the contracts' names. */
function addressesOf(result: DeploymentResult): Record<string, Address> {
  if (!("contracts" in result)) return fail("transaction_failed", { reason: JSON.stringify(result) });
  const contracts = Object.values(result.contracts);
  return Object.fromEntries(contracts.map(({ contractName, address }) => [contractName, toAddress(address)]));
}

function loadArtifact(name: string): Promise<Artifact> {
  const { abi, bytecode } = CONTRACTS[name as keyof typeof CONTRACTS];
  return Promise.resolve({ contractName: name, sourceName: name, abi: [...abi], bytecode, linkReferences: {} });
}
