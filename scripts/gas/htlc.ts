import { ethers } from "hardhat";

import { gasOf, measureBytes } from "./hub";

const LATER = 2n ** 32n - 1n;
const AMOUNT = 1_000n;

/** Gas of the contracts that stand alone. Other locks are live, so the HTLC holds tokens before and after. */
export async function measureStandalone(): Promise<Record<string, number>> {
  const [payer, payee] = await ethers.getSigners();
  if (!payer || !payee) throw new Error("the network has too few accounts");
  const htlc = await ethers.deployContract("HTLC");
  const token = await ethers.deployContract("TestToken");
  for (const holder of [payer, payee]) await token.mint(holder, 1_000_000n);
  await token.connect(payer).approve(htlc, ethers.MaxUint256);

  const lock = (name: string, expiry = LATER) =>
    gasOf(htlc.connect(payer).lock(ethers.sha256(ethers.id(name)), token, AMOUNT, expiry, payee));
  await lock("other");
  const figures: Record<string, number> = { "htlc.lock": await lock("claimed") };
  figures["htlc.claim"] = await gasOf(htlc.connect(payee).claim(ethers.id("claimed"), token, AMOUNT, payee, payer));

  const expiry = BigInt((await ethers.provider.getBlock("latest"))!.timestamp) + 3_600n;
  await lock("refunded", expiry);
  await ethers.provider.send("evm_setNextBlockTimestamp", [Number(expiry)]);
  const hash = ethers.sha256(ethers.id("refunded"));
  figures["htlc.refund"] = await gasOf(htlc.connect(payer).refund(hash, token, payee, payer));

  const ten = Array.from({ length: 10 }, (_, i) => `one of ten ${i}`);
  for (const name of ten) await lock(name);
  const claims = ten.map((name) => ({ preimage: ethers.id(name), amount: AMOUNT, payer: payer.address }));
  figures["htlc.claimTen"] = await gasOf(htlc.connect(payee).claimMany(token, payee, claims));

  const anchor = await ethers.deployContract("LiabilityAnchor");
  await anchor.anchor(token, 0n, ethers.id("root 0"), 10n ** 24n);
  figures["anchor"] = await gasOf(anchor.anchor(token, 1n, ethers.id("root 1"), 10n ** 24n));

  return { ...figures, ...(await measureBytes(["HTLC", "LiabilityAnchor"])) };
}
