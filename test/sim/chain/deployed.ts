import { ethers, network } from "hardhat";

import { addSigner, issueToken } from "../../../src/chain/assets";
import { addressOf, BACKINGS, defaultAllotment, toAddress, type Address, type Domain } from "../../../src/protocol";
import { IChannelHub__factory, IHubBooks__factory } from "../../../typechain-types";
import { SYSTEMS, type Terms } from "../asset";

/** The contracts of every run, with the systems and their token, on Hardhat's network of this process. */
export interface Deployed {
  readonly domain: Domain;
  readonly registry: Address;
  readonly anchor: Address;
  readonly token: Address;
}

const RICH = `0x${(10n ** 24n).toString(16)}`;
const DECIMALS = 18;
/** What pays those who leave the system that issues nothing: more than it ever owes. */
export const RESERVE = 10n ** 12n;

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
  const [first, second] = SYSTEMS;
  const [issuer, other] = [await walletOf(first), await walletOf(second)];
  const named = { name: "Points", symbol: "POINT", decimals: DECIMALS, minter: hub };
  const token = await issueToken(issuer, hub, named, first.settings);
  await addSigner(issuer, hub, addressOf(first.signerKey));
  await addSigner(other, hub, addressOf(second.signerKey));
  const backing = BACKINGS.indexOf(second.settings.backing);
  await IChannelHub__factory.connect(hub, other).addAsset(token, { ...second.settings, backing });
  await token.grantRole(await token.MINTER_ROLE(), first.address);
  await token.mint(first.address, RESERVE);
  await token.approve(hub, RESERVE);
  await IHubBooks__factory.connect(hub, issuer).fundReserve(second.address, token, RESERVE);
  const { chainId } = await ethers.provider.getNetwork();
  return {
    domain: { chainId, hub },
    registry: toAddress(await registry.getAddress()),
    anchor: toAddress(await anchor.getAddress()),
    token: toAddress(await token.getAddress()),
  };
}

async function walletOf({ key, address }: Terms) {
  await enrich(address);
  return new ethers.NonceManager(new ethers.Wallet(key, ethers.provider));
}

/** The most that the issuer may owe. */
export const LIMIT = defaultAllotment(DECIMALS);
