import { ethers, network } from "hardhat";

import { addSigner, issueToken } from "../../../src/chain/assets";
import { addressOf, defaultAllotment, toAddress, type Address, type Domain } from "../../../src/protocol";
import { POINTS, SIGNER_KEY, SYSTEM_KEY } from "../asset";

/** The contracts of every run, with the system and its token, on Hardhat's network of this process. */
export interface Deployed {
  readonly domain: Domain;
  readonly registry: Address;
  readonly anchor: Address;
  readonly token: Address;
}

const RICH = `0x${(10n ** 24n).toString(16)}`;
const DECIMALS = 18;

let deployed: Promise<Deployed> | undefined;

/** Deploys at the first call; every later one begins where that has ended. */
export function deployOnce(): Promise<Deployed> {
  return (deployed ??= deploy());
}

/** Native coin for gas, without end. */
export async function enrich(address: Address): Promise<void> {
  await network.provider.request({ method: "hardhat_setBalance", params: [address, RICH] });
}

async function deploy(): Promise<Deployed> {
  const registry = await ethers.deployContract("PreimageRegistry");
  const books = await ethers.deployContract("HubBooks", [registry]);
  const hub = toAddress(await (await ethers.deployContract("ChannelHub", [registry, books])).getAddress());
  const anchor = await ethers.deployContract("LiabilityAnchor");
  const system = new ethers.Wallet(SYSTEM_KEY, ethers.provider);
  await enrich(toAddress(system.address));
  const terms = { name: "Points", symbol: "POINT", decimals: DECIMALS, minter: hub };
  const token = await issueToken(new ethers.NonceManager(system), hub, terms, POINTS);
  await addSigner(system, hub, addressOf(SIGNER_KEY));
  const { chainId } = await ethers.provider.getNetwork();
  return {
    domain: { chainId, hub },
    registry: toAddress(await registry.getAddress()),
    anchor: toAddress(await anchor.getAddress()),
    token: toAddress(await token.getAddress()),
  };
}

/** The most that the system may owe. */
export const LIMIT = defaultAllotment(DECIMALS);
