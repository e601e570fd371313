import type { AddressLike, Signer } from "ethers";
import { ethers } from "hardhat";

import { HOUR, now } from "./fixture";

export const MAX_128 = 2n ** 128n - 1n;
export const NATIVE = ethers.ZeroAddress;
export const PREIMAGE = ethers.id("preimage");
export const HASH = ethers.sha256(PREIMAGE);
export const GUARD = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);

export type Fixture = Awaited<ReturnType<typeof deploy>>;

export async function deploy() {
  const [payer, payee, other, relayer] = await fourSigners();
  const htlc = await ethers.deployContract("HTLC");
  const token = await ethers.deployContract("TestToken");
  const hostile = await ethers.deployContract("HostileToken");
  for (const holder of [payer, other]) {
    await token.mint(holder, 1_000_000n);
    await hostile.give(holder, 1_000_000n);
    await token.connect(holder).approve(htlc, ethers.MaxUint256);
    await hostile.connect(holder).approve(htlc, ethers.MaxUint256);
  }
  const expiry = (await now()) + HOUR;
  return { htlc, token, hostile, payer, payee, other, relayer, expiry };
}

export async function fourSigners() {
  const [a, b, c, d] = await ethers.getSigners();
  if (!a || !b || !c || !d) throw new Error("the network has too few accounts");
  return [a, b, c, d] as const;
}

/** The same with 1,000 tokens and 500 wei locked by the payer for the payee under one hash. */
export async function deployLocked() {
  const f = await deploy();
  await lock(f, { amount: 1_000n });
  await lock(f, { token: NATIVE, amount: 500n });
  return f;
}

export interface Terms {
  hash?: string;
  token?: AddressLike;
  amount?: bigint;
  expiry?: bigint;
  recipient?: AddressLike;
  payer?: Signer;
  value?: bigint;
}

export function lock(f: Fixture, terms: Terms = {}) {
  const { hash = HASH, token = f.token, amount = 1_000n, expiry = f.expiry, recipient = f.payee } = terms;
  const value = terms.value ?? (token === NATIVE ? amount : 0n);
  return f.htlc.connect(terms.payer ?? f.payer).lock(hash, token, amount, expiry, recipient, { value });
}

/** Claims as a stranger. */
export function claim(f: Fixture, { token = f.token, amount = 1_000n, recipient = f.payee }: Terms = {}) {
  return f.htlc.connect(f.other).claim(PREIMAGE, token, amount, recipient, f.payer);
}

export async function lockOf(f: Fixture, { hash = HASH, token = f.token, recipient = f.payee }: Terms = {}) {
  const { id, amount, expiry, lockedAt } = await f.htlc.lockOf(hash, token, recipient, f.payer);
  return { id, amount, expiry, lockedAt };
}

export async function idOf(f: Fixture, token: AddressLike = f.token, hash = HASH, recipient: AddressLike = f.payee) {
  const addresses = await Promise.all([token, recipient, f.payer].map(async (party) => ethers.resolveAddress(party)));
  const types = ["bytes32", "address", "address", "address"];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, [hash, ...addresses]));
}

export const ENDED = { amount: 0n, expiry: 0n, lockedAt: 0n };
