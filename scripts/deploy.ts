import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { ignition, network, ethers } from "hardhat";

import HubModule from "../deploy/modules/01_hub";

// Deploys the contracts on the network that Hardhat was given (`--network localhost`, or `custom` with
// STARLEDGER_RPC_URL and STARLEDGER_DEPLOYER_KEY), and writes deployments/<chain id>.json for service and SDK.
// Run again, it deploys only what is missing.

async function main(): Promise<void> {
  const { chainId } = await ethers.provider.getNetwork();
  const { registry, books, hub } = await ignition.deploy(HubModule);
  const addresses = {
    chainId: chainId.toString(),
    registry: await registry.getAddress(),
    books: await books.getAddress(),
    hub: await hub.getAddress(),
  };
  const folder = path.join(__dirname, "..", "deployments");
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${chainId}.json`);
  writeFileSync(file, JSON.stringify(addresses, null, 2) + "\n");
  console.log(`${network.name}: hub ${addresses.hub} → ${path.relative(process.cwd(), file)}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
