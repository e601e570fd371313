import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { config, ethers, ignition, network } from "hardhat";
import { HARDHAT_NETWORK_NAME } from "hardhat/plugins";

import StandaloneModule from "../deploy/modules/03_standalone";
import DepositRouterModule from "../deploy/modules/04_deposit_router";

// Deploys the contracts on the network that Hardhat was given (`--network localhost`, or `custom` with
// STARLEDGER_RPC_URL and STARLEDGER_DEPLOYER_KEY), and writes deployments/<chain id>.json for service and SDK, or into
// STARLEDGER_DEPLOYMENTS.
// Run again, it deploys only what is missing. A development chain that was started anew has lost its contracts: the
// journal of the last deployment is dropped then. On any other chain that is an error. Without `--network` it is a
// trial on a chain in memory, and nothing is written.

const DEVELOPMENT_CHAIN = 31337n;

async function main(): Promise<void> {
  const { chainId } = await ethers.provider.getNetwork();
  const journal = path.join(config.paths.ignition, "deployments", `chain-${chainId}`);
  const isTrial = network.name === HARDHAT_NETWORK_NAME;
  if (!isTrial) await checkJournal(journal, chainId);
  const { registry, books, hub, depositRouter } = await ignition.deploy(DepositRouterModule);
  const { htlc, anchor } = await ignition.deploy(StandaloneModule);
  const addresses = {
    chainId: chainId.toString(),
    registry: await registry.getAddress(),
    books: await books.getAddress(),
    hub: await hub.getAddress(),
    depositRouter: await depositRouter.getAddress(),
    htlc: await htlc.getAddress(),
    anchor: await anchor.getAddress(),
  };
  if (isTrial) {
    console.log(`${network.name}: a trial in memory, it deploys`);
    return;
  }
  const folder = process.env["STARLEDGER_DEPLOYMENTS"] ?? "deployments";
  const file = path.resolve(config.paths.root, folder, `${chainId}.json`);
  // The registry is deployed first: no event of the contracts is older.
  const deployedAtBlock = blockOf(journal, addresses.registry);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...addresses, deployedAtBlock }, null, 2) + "\n");
  console.log(`${network.name}: hub ${addresses.hub}, addresses in ${path.relative(process.cwd(), file)}`);
}

/** Makes sure that what the journal says was deployed exists; Ignition takes its word for it. */
async function checkJournal(journal: string, chainId: bigint): Promise<void> {
  const file = path.join(journal, "deployed_addresses.json");
  if (!existsSync(file)) return;
  const deployed = Object.values(JSON.parse(readFileSync(file, "utf8")) as Record<string, string>);
  for (const address of deployed) {
    if ((await ethers.provider.getCode(address)) !== "0x") continue;
    if (chainId !== DEVELOPMENT_CHAIN) throw new Error(`${file} names ${address}, where chain ${chainId} has no code`);
    rmSync(journal, { recursive: true });
    return;
  }
}

/** The block that the journal names for the deployment of `address`. */
function blockOf(journal: string, address: string): string {
  for (const line of readFileSync(path.join(journal, "journal.jsonl"), "utf8").split("\n")) {
    const { receipt } = (line === "" ? {} : JSON.parse(line)) as { receipt?: Receipt };
    if (receipt?.contractAddress === address) return receipt.blockNumber.toString();
  }
  throw new Error(`${journal} does not say when ${address} was deployed`);
}

interface Receipt {
  readonly contractAddress?: string;
  readonly blockNumber: number;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
