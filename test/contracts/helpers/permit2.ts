import { readFileSync } from "node:fs";

import { ethers } from "hardhat";

/** Where Permit2 is on nearly all chains. */
export const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

/** keccak256 of its code on the Ethereum main network. */
const MAINNET_CODE_HASH = "0xc67d1657868aa5146eaf24fb879fb1fdec3d2d493b3683a61c9c2f4fb2851131";

const SOURCE = "@uniswap/v4-periphery/lib/permit2/test/utils/DeployPermit2.sol";

/** Puts Permit2 where it belongs: the code of the main network, byte for byte. */
export async function deployPermit2(): Promise<void> {
  await ethers.provider.send("hardhat_setCode", [PERMIT2, mainnetCode()]);
}

/** Uniswap publishes the code as it ran on a test chain: its two immutables, chain and domain, are those of that chain. */
function mainnetCode(): string {
  const published = /hex"([0-9a-f]+)"/.exec(readFileSync(require.resolve(SOURCE), "utf8"))?.[1] ?? "";
  const [chain, domain] = [push(31_337), /(?<=03611b69577f)[0-9a-f]{64}/];
  const ownDomain = { name: "Permit2", chainId: 1, verifyingContract: PERMIT2 };
  const hash = ethers.TypedDataEncoder.hashDomain(ownDomain).slice(2);
  const code = `0x${published.replace(chain, push(1)).replace(domain, hash)}`;
  if (ethers.keccak256(code) !== MAINNET_CODE_HASH) throw new Error(`${SOURCE} is not Permit2`);
  return code;
}

/** The instruction PUSH32 with a number. */
function push(value: number): string {
  return `7f${ethers.toBeHex(value, 32).slice(2)}`;
}
