import type { ContractRunner, Signer } from "ethers";

import { fail } from "../errors";
import { BACKINGS, defaultAllotment, toAddress, ZERO_ADDRESS, type Address, type AssetSettings } from "../protocol";
import { IChannelHub__factory, IssuedToken__factory, type IssuedToken } from "../../typechain-types";
import { mined } from "./transaction";

/** Of the chain's native coin. */
const NATIVE_DECIMALS = 18;

/** A token as the hub lists it for a system. */
export interface ListedAsset {
  readonly decimals: number;
  readonly settings: AssetSettings;
  /** What the system may owe for it now: what the issuer may still mint, or the reserve; none for `collateral`. */
  readonly limit: bigint;
  /** Base units that the system forfeits where it cheats, and that nobody was awarded yet. */
  readonly bond: bigint;
}

/**
 * Reads an asset from the hub and its token.
 * @throws unknown_asset if the system has not listed it
 */
export async function readAsset(
  runner: ContractRunner,
  hub: Address,
  system: Address,
  token: Address,
): Promise<ListedAsset> {
  const asset = await IChannelHub__factory.connect(hub, runner).assetOf(system, token);
  const backing = BACKINGS[Number(asset.backing)] ?? fail("unknown_asset", { system, token });
  const contract = IssuedToken__factory.connect(token, runner);
  const decimals = token === ZERO_ADDRESS ? NATIVE_DECIMALS : Number(await contract.decimals());
  const { challengePeriod, claimWindow, lockLimit, award, staleFee } = asset;
  return {
    decimals,
    settings: { backing, challengePeriod, claimWindow, lockLimit, award, staleFee },
    limit: backing === "issued" ? (await contract.cap()) - (await contract.totalSupply()) : asset.reserve,
    bond: asset.bond - asset.awarded,
  };
}

/** Deploys a token of the sending system, with the default allotment as its cap, and lists it; `minter` mints it. */
export async function issueToken(
  system: Signer,
  hub: Address,
  token: { readonly name: string; readonly symbol: string; readonly decimals: number; readonly minter: Address },
  settings: AssetSettings,
): Promise<IssuedToken> {
  const { name, symbol, decimals, minter } = token;
  const issuer = toAddress(await system.getAddress());
  const factory = new IssuedToken__factory(system);
  const deployed = await factory.deploy(name, symbol, decimals, issuer, defaultAllotment(decimals));
  const contract = await deployed.waitForDeployment();
  await mined(contract.grantRole(await contract.MINTER_ROLE(), minter));
  const backing = BACKINGS.indexOf(settings.backing);
  await mined(IChannelHub__factory.connect(hub, system).addAsset(contract, { ...settings, backing }));
  return contract;
}

/** Lets `signer` sign states in the sending system's name. */
export function addSigner(system: Signer, hub: Address, signer: Address) {
  return mined(IChannelHub__factory.connect(hub, system).addSigner(signer));
}
