import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { config, ethers, ignition, network } from "hardhat";

import HubModule from "../deploy/modules/01_hub";

// Deploys the contracts on the network that Hardhat was given (`--network localhost`, or `custom` with
// STARLEDGER_RPC_URL and STARLEDGER_DEPLOYER_KEY), and writes deployments/<chain id>.json for service and SDK.
// Run again, it deploys only what is missing. A development chain that was started anew has lost its contracts: the
// journal of the last deployment is dropped then. On any other chain that is an error.

const DEVELOPMENT_CHAIN = 31337n;

async function main(): Promise<void> {
  const { chainId } = await ethers.provider.getNetwork();
  const file = path.join(config.paths.root, "deployments", `${chainId}.json`);
  await dropStaleJournal(file, chainId);
  const { registry, books, hub } = await ignition.deploy(HubModule);
  const addresses = {
    chainId: chainId.toString(),
    registry: await registry.getAddress(),
    books: await books.getAddress(),
    hub: await hub.getAddress(),
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(addresses, null, 2) + "\n");
  console.log(`${network.name}: hub ${addresses.hub}, addresses in ${path.relative(process.cwd(), file)}`);
}

async function dropStaleJournal(file: string, chainId: bigint): Promise<void> {
  if (!existsSync(file)) return;
  const { hub } = JSON.parse(readFileSync(file, "utf8")) as { hub: string };
  if ((await ethers.provider.getCode(hub)) !== "0x") return;
  if (chainId !== DEVELOPMENT_CHAIN) throw new Error(`${file} names ${hub}, where chain ${chainId} has no contract`);
  rmSync(path.join(config.paths.ignition, "deployments", `chain-${chainId}`), { recursive: true, force: true });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
