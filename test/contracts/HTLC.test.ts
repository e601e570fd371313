import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { AddressLike, BigNumberish, Signer } from "ethers";
import { ethers } from "hardhat";

import { at, HOUR, Mode, now } from "./helpers/fixture";

const MAX_128 = 2n ** 128n - 1n;
const NATIVE = ethers.ZeroAddress;
const PREIMAGE = ethers.id("preimage");
const HASH = ethers.sha256(PREIMAGE);
const GUARD = ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10);

type Fixture = Awaited<ReturnType<typeof deploy>>;

async function deploy() {
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

async function fourSigners() {
  const [a, b, c, d] = await ethers.getSigners();
  if (!a || !b || !c || !d) throw new Error("the network has too few accounts");
  return [a, b, c, d] as const;
}

/** The same with 1,000 tokens and 500 wei locked by the payer for the payee under one hash. */
async function deployLocked() {
  const f = await deploy();
  await lock(f, { amount: 1_000n });
  await lock(f, { token: NATIVE, amount: 500n });
  return f;
}

interface Terms {
  hash?: string;
  token?: AddressLike;
  amount?: bigint;
  expiry?: bigint;
  recipient?: AddressLike;
  payer?: Signer;
  value?: bigint;
}

function lock(f: Fixture, terms: Terms = {}) {
  const { hash = HASH, token = f.token, amount = 1_000n, expiry = f.expiry, recipient = f.payee } = terms;
  const value = terms.value ?? (token === NATIVE ? amount : 0n);
  return f.htlc.connect(terms.payer ?? f.payer).lock(hash, token, amount, expiry, recipient, { value });
}

/** Claims as a stranger. */
function claim(f: Fixture, { token = f.token, amount = 1_000n, recipient = f.payee }: Terms = {}) {
  return f.htlc.connect(f.other).claim(PREIMAGE, token, amount, recipient, f.payer);
}

async function lockOf(f: Fixture, { hash = HASH, token = f.token, recipient = f.payee }: Terms = {}) {
  const { id, amount, expiry, lockedAt } = await f.htlc.lockOf(hash, token, recipient, f.payer);
  return { id, amount, expiry, lockedAt };
}

async function idOf(f: Fixture, token: AddressLike = f.token, hash = HASH, recipient: AddressLike = f.payee) {
  const addresses = await Promise.all([token, recipient, f.payer].map(async (party) => ethers.resolveAddress(party)));
  const types = ["bytes32", "address", "address", "address"];
  return ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, [hash, ...addresses]));
}

const ENDED = { amount: 0n, expiry: 0n, lockedAt: 0n };

describe("HTLC.lock", () => {
  it("takes tokens of the sender, and remembers amount, expiry and block in one slot", async () => {
    const f = await loadFixture(deploy);
    const locking = lock(f);
    await expect(locking).to.changeTokenBalances(f.token, [f.payer, f.payee, f.htlc], [-1_000n, 0n, 1_000n]);
    await expect(locking).to.emit(f.htlc, "Locked").withArgs(HASH, f.token, f.payee, f.payer);
    const { blockNumber } = (await (await locking).wait())!;
    const id = await idOf(f);
    expect(await lockOf(f)).to.deep.equal({ id, amount: 1_000n, expiry: f.expiry, lockedAt: BigInt(blockNumber) });
  });

  it("takes native coin", async () => {
    const f = await loadFixture(deploy);
    const locking = lock(f, { token: NATIVE, amount: 500n });
    await expect(locking).to.changeEtherBalances([f.payer, f.payee, f.htlc], [-500n, 0n, 500n]);
    await expect(locking).to.emit(f.htlc, "Locked").withArgs(HASH, NATIVE, f.payee, f.payer);
    expect(await lockOf(f, { token: NATIVE })).to.include({ amount: 500n, expiry: f.expiry });
  });

  it("case 4: locks what arrived of a fee-on-transfer token, and pays exactly that", async () => {
    const f = await loadFixture(deploy);
    await f.hostile.setMode(Mode.Fee, ethers.ZeroAddress);
    await lock(f, { token: f.hostile, hash: ethers.id("another"), payer: f.other });
    await lock(f, { token: f.hostile });
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(900n);
    expect(await f.hostile.balanceOf(f.htlc)).to.equal(1_800n);
    await expect(claim(f, { token: f.hostile })).to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock");
    await expect(claim(f, { token: f.hostile, amount: 900n })).to.changeTokenBalances(
      f.hostile,
      [f.payee, f.htlc],
      [900n, -900n],
    );
  });

  it("holds locks of other hashes, recipients, tokens and payers beside each other", async () => {
    const f = await loadFixture(deployLocked);
    await lock(f, { hash: ethers.sha256(ethers.id("other")) });
    await lock(f, { recipient: f.other });
    await lock(f, { token: f.hostile });
    await lock(f, { payer: f.other });
    expect(await f.token.balanceOf(f.htlc)).to.equal(4_000n);
  });

  it("reverts with HTLC_LockExists while a lock of the same parties, token and hash is live", async () => {
    const f = await loadFixture(deployLocked);
    for (const token of [f.token, NATIVE]) {
      const again = lock(f, { token, amount: 1n, expiry: f.expiry + 1n });
      await expect(again)
        .to.be.revertedWithCustomError(f.htlc, "HTLC_LockExists")
        .withArgs(await idOf(f, token));
    }
  });

  it("can be made anew by the same payer once it has ended, by claim or refund", async () => {
    const f = await loadFixture(deployLocked);
    await claim(f);
    await lock(f, { amount: 7n });
    expect(await lockOf(f)).to.include({ amount: 7n, expiry: f.expiry });
    await at(f.expiry);
    await f.htlc.refund(HASH, f.token, f.payee, f.payer);
    await lock(f, { amount: 8n, expiry: f.expiry + HOUR });
    expect(await lockOf(f)).to.include({ amount: 8n, expiry: f.expiry + HOUR });
    expect(await f.token.balanceOf(f.htlc)).to.equal(8n);
  });

  it("reverts with HTLC_Expired at the expiry, not a second before", async () => {
    const f = await loadFixture(deploy);
    await at(f.expiry - 1n);
    await lock(f);
    await at(f.expiry);
    await expect(lock(f, { recipient: f.other }))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_Expired")
      .withArgs(f.expiry, f.expiry);
  });

  it("reverts with HTLC_InvalidRecipient for the zero address and the contract itself", async () => {
    const f = await loadFixture(deploy);
    for (const recipient of [ethers.ZeroAddress, await f.htlc.getAddress()]) {
      await expect(lock(f, { recipient }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidRecipient")
        .withArgs(recipient);
    }
  });

  it("case 14: reverts with HTLC_WrongValue unless exactly the amount is sent, and none with a token", async () => {
    const f = await loadFixture(deploy);
    for (const [token, value, want] of [
      [NATIVE, 499n, 500n],
      [NATIVE, 501n, 500n],
      [f.token, 1n, 0n],
    ] as const) {
      await expect(lock(f, { token, amount: 500n, value }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_WrongValue")
        .withArgs(value, want);
    }
  });

  it("reverts with HTLC_InvalidAmount for nothing, and above uint128", async () => {
    const f = await loadFixture(deploy);
    await f.token.mint(f.payer, 2n ** 129n);
    for (const [token, amount] of [
      [f.token, 0n],
      [NATIVE, 0n],
      [f.token, MAX_128 + 1n],
    ] as const) {
      await expect(lock(f, { token, amount }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidAmount")
        .withArgs(amount, MAX_128);
    }
    await lock(f, { amount: MAX_128 });
    await expect(claim(f, { amount: MAX_128 })).to.changeTokenBalances(f.token, [f.payee], [MAX_128]);
  });

  it("reverts without allowance, and for an address that is no token", async () => {
    const f = await loadFixture(deploy);
    await f.token.connect(f.payer).approve(f.htlc, 999n);
    await expect(lock(f))
      .to.be.revertedWithCustomError(f.token, "ERC20InsufficientAllowance")
      .withArgs(f.htlc, 999n, 1_000n);
    await expect(lock(f, { token: f.other }))
      .to.be.revertedWithCustomError(f.htlc, "Hub_NotToken")
      .withArgs(f.other);
  });

  it("refuses a plain transfer of native coin", async () => {
    const f = await loadFixture(deploy);
    await expect(f.payer.sendTransaction({ to: f.htlc, value: 1n })).to.be.reverted;
  });
});

describe("HTLC.lockWithPermit", () => {
  async function permit(f: Fixture, value = 1_000n) {
    await f.token.connect(f.payer).approve(f.htlc, 0n);
    const deadline = f.expiry;
    const domain = {
      name: "Test token",
      version: "1",
      chainId: (await ethers.provider.getNetwork()).chainId,
      verifyingContract: await f.token.getAddress(),
    };
    const fields = { owner: "address", spender: "address", value: "uint256", nonce: "uint256", deadline: "uint256" };
    const types = { Permit: Object.entries(fields).map(([name, type]) => ({ name, type })) };
    const message = { owner: f.payer.address, spender: await f.htlc.getAddress(), value, nonce: 0n, deadline };
    const { v, r, s } = ethers.Signature.from(await f.payer.signTypedData(domain, types, message));
    return [deadline, v, r, s] as const;
  }

  it("needs no approval before", async () => {
    const f = await loadFixture(deploy);
    const signed = await permit(f);
    const locking = f.htlc.connect(f.payer).lockWithPermit(HASH, f.token, 1_000n, f.expiry, f.payee, ...signed);
    await expect(locking).to.changeTokenBalances(f.token, [f.payer, f.htlc], [-1_000n, 1_000n]);
    await expect(locking).to.emit(f.htlc, "Locked").withArgs(HASH, f.token, f.payee, f.payer);
    expect((await lockOf(f)).amount).to.equal(1_000n);
    expect(await f.token.allowance(f.payer, f.htlc)).to.equal(0n);
  });

  it("works although somebody used the permit first", async () => {
    const f = await loadFixture(deploy);
    const [deadline, v, r, s] = await permit(f);
    await f.token.connect(f.other).permit(f.payer, f.htlc, 1_000n, deadline, v, r, s);
    await f.htlc.connect(f.payer).lockWithPermit(HASH, f.token, 1_000n, f.expiry, f.payee, deadline, v, r, s);
    expect((await lockOf(f)).amount).to.equal(1_000n);
  });

  it("takes nothing from the signer of a permit that somebody else sends", async () => {
    const f = await loadFixture(deploy);
    const [deadline, v, r, s] = await permit(f);
    await f.token.connect(f.other).approve(f.htlc, 0n);
    await expect(f.htlc.connect(f.other).lockWithPermit(HASH, f.token, 1_000n, f.expiry, f.payee, deadline, v, r, s))
      .to.be.revertedWithCustomError(f.token, "ERC20InsufficientAllowance")
      .withArgs(f.htlc, 0n, 1_000n);
  });

  it("relies on the allowance alone for a token without permits, and takes no native coin", async () => {
    const f = await loadFixture(deploy);
    const signed = [0n, 27, ethers.ZeroHash, ethers.ZeroHash] as const;
    await f.htlc.connect(f.payer).lockWithPermit(HASH, f.hostile, 5n, f.expiry, f.payee, ...signed);
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(5n);
    await expect(f.htlc.connect(f.payer).lockWithPermit(HASH, NATIVE, 5n, f.expiry, f.payee, ...signed))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_WrongValue")
      .withArgs(0n, 5n);
  });
});

describe("HTLC.claim", () => {
  it("pays the recipient whoever sends it, shows the preimage and frees the slot", async () => {
    const f = await loadFixture(deployLocked);
    const claiming = claim(f);
    await expect(claiming).to.changeTokenBalances(
      f.token,
      [f.payee, f.payer, f.other, f.htlc],
      [1_000n, 0n, 0n, -1_000n],
    );
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f), PREIMAGE);
    expect(await lockOf(f)).to.deep.equal({ id: await idOf(f), ...ENDED });
    expect((await lockOf(f, { token: NATIVE })).amount).to.equal(500n);
  });

  it("pays native coin", async () => {
    const f = await loadFixture(deployLocked);
    const claiming = claim(f, { token: NATIVE, amount: 500n });
    await expect(claiming).to.changeEtherBalances([f.payee, f.payer, f.htlc], [500n, 0n, -500n]);
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f, NATIVE), PREIMAGE);
    expect(await f.token.balanceOf(f.htlc)).to.equal(1_000n);
  });

  it("case 17: is possible up to the second before the expiry, and reverts with HTLC_Expired from then on", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry - 1n);
    await claim(f);
    await at(f.expiry);
    await expect(claim(f, { token: NATIVE, amount: 500n }))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_Expired")
      .withArgs(f.expiry, f.expiry);
  });

  it("reverts with HTLC_UnknownLock for any other preimage, token, amount, recipient or payer, and twice", async () => {
    const f = await loadFixture(deployLocked);
    const as = f.htlc.connect(f.payee);
    const wrong = ethers.id("wrong");
    const unknown = async (
      call: Promise<unknown>,
      hash: string,
      ...parties: [AddressLike, AddressLike, AddressLike]
    ) => {
      const { id } = await f.htlc.lockOf(hash, ...parties);
      await expect(call).to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock").withArgs(id);
    };
    const { token, payer, payee, other, hostile } = f;
    await unknown(as.claim(wrong, token, 1_000n, payee, payer), ethers.sha256(wrong), token, payee, payer);
    await unknown(as.claim(HASH, token, 1_000n, payee, payer), ethers.sha256(HASH), token, payee, payer);
    await unknown(as.claim(PREIMAGE, hostile, 1_000n, payee, payer), HASH, hostile, payee, payer);
    await unknown(as.claim(PREIMAGE, token, 999n, payee, payer), HASH, token, payee, payer);
    await unknown(as.claim(PREIMAGE, token, 0n, other, payer), HASH, token, other, payer);
    await unknown(as.claim(PREIMAGE, token, 1_000n, payee, other), HASH, token, payee, other);
    await claim(f);
    await unknown(claim(f), HASH, token, payee, payer);
  });

  it("buys no preimage with less: a payer who locks a smaller amount after its refund is not claimed from", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry);
    await f.htlc.refund(HASH, f.token, f.payee, f.payer);
    await lock(f, { amount: 1n, expiry: f.expiry + HOUR });
    await expect(claim(f))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock")
      .withArgs(await idOf(f));
  });

  it("case 3: pays in tokens that return nothing or far too much", async () => {
    const f = await loadFixture(deploy);
    for (const [n, mode] of [Mode.ReturnNothing, Mode.ReturnHuge].entries()) {
      await lock(f, { token: f.hostile });
      await f.hostile.setMode(mode, ethers.ZeroAddress);
      await claim(f, { token: f.hostile });
      expect(await f.hostile.balanceOf(f.payee)).to.equal(1_000n * BigInt(n + 1));
      await f.hostile.setMode(Mode.Normal, ethers.ZeroAddress);
    }
  });

  it("case 2: reverts with HTLC_TransferFailed when the token refuses, and leaves the lock live", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    for (const mode of [Mode.Revert, Mode.ReturnFalse, Mode.BurnGas]) {
      await f.hostile.setMode(mode, f.payee);
      const call = f.htlc.claim(PREIMAGE, f.hostile, 1_000n, f.payee, f.payer, { gasLimit: 1_000_000 });
      await expect(call)
        .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
        .withArgs(f.hostile, f.payee, 1_000n);
    }
    await f.hostile.setMode(Mode.Normal, ethers.ZeroAddress);
    await claim(f, { token: f.hostile });
    expect(await f.hostile.balanceOf(f.payee)).to.equal(1_000n);
  });

  it("case 2: reverts with HTLC_TransferFailed when the recipient refuses or burns native coin", async () => {
    const f = await loadFixture(deploy);
    const recipient = await ethers.deployContract("HostileAccount", [f.payee]);
    await lock(f, { token: NATIVE, amount: 500n, recipient });
    // Refuse, burn gas
    for (const mode of [1, 2]) {
      await recipient.setMode(mode);
      await expect(f.htlc.claim(PREIMAGE, NATIVE, 500n, recipient, f.payer, { gasLimit: 1_000_000 }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
        .withArgs(NATIVE, recipient, 500n);
    }
    expect((await lockOf(f, { token: NATIVE, recipient })).amount).to.equal(500n);
  });
});

describe("HTLC.claimMany", () => {
  const preimages = [0, 1, 2].map((n) => ethers.id(`preimage ${n}`));

  async function deployMany() {
    const f = await deploy();
    for (const [n, preimage] of preimages.entries()) {
      await lock(f, { hash: ethers.sha256(preimage), amount: 10n ** BigInt(n) });
    }
    return f;
  }

  const items = (f: Fixture) =>
    preimages.map((preimage, n) => ({ preimage, amount: 10n ** BigInt(n), payer: f.payer.address }));

  it("pays one recipient all its locks of a token at once, whoever sends it", async () => {
    const f = await loadFixture(deployMany);
    const batch = f.htlc.connect(f.other);
    expect(await batch.claimMany.staticCall(f.token, f.payee, items(f))).to.equal(111n);
    const claiming = batch.claimMany(f.token, f.payee, items(f));
    await expect(claiming).to.changeTokenBalances(f.token, [f.payee, f.other, f.htlc], [111n, 0n, -111n]);
    for (const preimage of preimages) {
      await expect(claiming)
        .to.emit(f.htlc, "Claimed")
        .withArgs(await idOf(f, f.token, ethers.sha256(preimage)), preimage);
    }
  });

  it("pays native coin, from several payers", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: NATIVE, amount: 5n });
    await lock(f, { token: NATIVE, amount: 6n, payer: f.other });
    const both = [
      { preimage: PREIMAGE, amount: 5n, payer: f.payer },
      { preimage: PREIMAGE, amount: 6n, payer: f.other },
    ];
    await expect(f.htlc.claimMany(NATIVE, f.payee, both)).to.changeEtherBalances([f.payee, f.htlc], [11n, -11n]);
  });

  it("leaves out what somebody claimed first, what has expired, and what is not as told", async () => {
    const f = await loadFixture(deployMany);
    const [first, second, third] = items(f);
    await f.htlc.connect(f.other).claim(first!.preimage, f.token, 1n, f.payee, f.payer);
    const early = ethers.id("early");
    await lock(f, { hash: ethers.sha256(early), amount: 7n, expiry: f.expiry - 10n });
    await at(f.expiry - 10n);
    const batch = [
      first!,
      { ...first!, preimage: early, amount: 7n },
      { ...second!, amount: 11n },
      { ...third!, payer: f.other.address },
      { ...third!, preimage: ethers.id("wrong") },
      second!,
      second!,
    ];
    const claiming = f.htlc.claimMany(f.token, f.payee, batch);
    await expect(claiming).to.changeTokenBalances(f.token, [f.payee, f.htlc], [10n, -10n]);
    expect((await (await claiming).wait())!.logs).to.have.length(2);
  });

  it("reverts with HTLC_NothingToClaim when nothing is left, or nothing was asked for", async () => {
    const f = await loadFixture(deployMany);
    await f.htlc.claimMany(f.token, f.payee, items(f));
    for (const batch of [items(f), []]) {
      await expect(f.htlc.claimMany(f.token, f.payee, batch)).to.be.revertedWithCustomError(
        f.htlc,
        "HTLC_NothingToClaim",
      );
    }
  });

  it("reverts with HTLC_TransferFailed as a whole when its one recipient is refused, and all stay live", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    await f.hostile.setMode(Mode.Revert, f.payee);
    await expect(f.htlc.claimMany(f.hostile, f.payee, [{ preimage: PREIMAGE, amount: 1_000n, payer: f.payer }]))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
      .withArgs(f.hostile, f.payee, 1_000n);
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(1_000n);
  });
});

describe("HTLC.claimTo", () => {
  it("case 2: lets a recipient that its token blocks have the money elsewhere", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    await f.hostile.setMode(Mode.Revert, f.payee);
    const claiming = f.htlc.connect(f.payee).claimTo(PREIMAGE, f.hostile, 1_000n, f.payer, f.relayer);
    await expect(claiming).to.changeTokenBalances(f.hostile, [f.relayer, f.payee, f.htlc], [1_000n, 0n, -1_000n]);
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f, f.hostile), PREIMAGE);
    expect(await lockOf(f, { token: f.hostile })).to.include(ENDED);
  });

  it("lets a contract that refuses native coin have it elsewhere", async () => {
    const f = await loadFixture(deploy);
    const recipient = await ethers.deployContract("HostileAccount", [f.payee]);
    await recipient.setMode(1);
    await lock(f, { token: NATIVE, amount: 500n, recipient });
    const data = f.htlc.interface.encodeFunctionData("claimTo", [
      PREIMAGE,
      NATIVE,
      500n,
      f.payer.address,
      f.relayer.address,
    ]);
    await expect(recipient.act(f.htlc, 0n, data)).to.changeEtherBalances([f.relayer, recipient], [500n, 0n]);
  });

  it("is the recipient's alone: anybody else's lock is another, which does not exist", async () => {
    const f = await loadFixture(deployLocked);
    await expect(f.htlc.connect(f.other).claimTo(PREIMAGE, f.token, 1_000n, f.payer, f.other))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock")
      .withArgs(await idOf(f, f.token, HASH, f.other));
  });

  it("reverts with HTLC_InvalidRecipient for nobody and the contract itself, with HTLC_Expired at the expiry", async () => {
    const f = await loadFixture(deployLocked);
    const as = f.htlc.connect(f.payee);
    for (const to of [ethers.ZeroAddress, await f.htlc.getAddress()]) {
      await expect(as.claimTo(PREIMAGE, f.token, 1_000n, f.payer, to))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidRecipient")
        .withArgs(to);
    }
    await at(f.expiry);
    await expect(as.claimTo(PREIMAGE, f.token, 1_000n, f.payer, f.payee))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_Expired")
      .withArgs(f.expiry, f.expiry);
  });
});

describe("HTLC.claimWithPermission", () => {
  interface Permission {
    id: string;
    lockedAt: BigNumberish;
    claimer: string;
    deadline: bigint;
  }

  /** The recipient's permission for the relayer, with anything changed. */
  async function permission(f: Fixture, changed: Partial<Permission> = {}, domain = {}, signer: Signer = f.payee) {
    const fields = { id: "bytes32", lockedAt: "uint64", claimer: "address", deadline: "uint64" };
    const types = { Permission: Object.entries(fields).map(([name, type]) => ({ name, type })) };
    const { id, lockedAt } = await lockOf(f);
    const message = { id, lockedAt, claimer: f.relayer.address, deadline: f.expiry, ...changed };
    return signer.signTypedData(
      {
        name: "Starledger HTLC",
        version: "1",
        chainId: (await ethers.provider.getNetwork()).chainId,
        verifyingContract: await f.htlc.getAddress(),
        ...domain,
      },
      types,
      message,
    );
  }

  function use(
    f: Fixture,
    signature: string,
    { sender = f.relayer, recipient = f.payee }: { sender?: Signer; recipient?: AddressLike } = {},
  ) {
    return f.htlc
      .connect(sender)
      .claimWithPermission(PREIMAGE, f.token, 1_000n, recipient, f.payer, f.expiry, signature);
  }

  it("pays the sender whom the recipient permitted", async () => {
    const f = await loadFixture(deployLocked);
    const claiming = use(f, await permission(f));
    await expect(claiming).to.changeTokenBalances(f.token, [f.relayer, f.payee, f.htlc], [1_000n, 0n, -1_000n]);
    await expect(claiming)
      .to.emit(f.htlc, "Claimed")
      .withArgs(await idOf(f), PREIMAGE);
    expect(await lockOf(f)).to.include(ENDED);
  });

  it("case 5: is void for another sender, lock, block, deadline, contract, chain, and by another signer", async () => {
    const f = await loadFixture(deployLocked);
    const refused = async (signature: string, sender = f.relayer) =>
      expect(use(f, signature, { sender }))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidPermission")
        .withArgs(await idOf(f), sender);
    await refused(await permission(f), f.other);
    await refused(await permission(f, { id: await idOf(f, NATIVE) }));
    await refused(await permission(f, { lockedAt: (await lockOf(f)).lockedAt - 1n }));
    await refused(await permission(f, { deadline: f.expiry + 1n }));
    await refused(await permission(f, {}, { verifyingContract: await f.token.getAddress() }));
    await refused(await permission(f, {}, { chainId: 1n }));
    await refused(await permission(f, {}, { name: "Starledger" }));
    await refused(await permission(f, {}, {}, f.payer));
    await refused("0x");
    const { r, s } = ethers.Signature.from(await permission(f));
    await refused(ethers.concat([r, s]));
  });

  it("case 5: dies with its lock, and is worth nothing for a later one of the same id", async () => {
    const f = await loadFixture(deployLocked);
    const signature = await permission(f);
    await claim(f);
    await expect(use(f, signature)).to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock");
    await lock(f);
    await expect(use(f, signature))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_InvalidPermission")
      .withArgs(await idOf(f), f.relayer);
  });

  it("is good up to its deadline, and reverts with HTLC_PermissionExpired after it", async () => {
    const f = await loadFixture(deployLocked);
    const deadline = f.expiry - 10n;
    const signature = await permission(f, { deadline });
    const useIt = () =>
      f.htlc.connect(f.relayer).claimWithPermission(PREIMAGE, f.token, 1_000n, f.payee, f.payer, deadline, signature);
    await at(deadline + 1n);
    await expect(useIt())
      .to.be.revertedWithCustomError(f.htlc, "HTLC_PermissionExpired")
      .withArgs(deadline, deadline + 1n);
    const g = await loadFixture(deployLocked);
    const again = await permission(g, { deadline });
    await at(deadline);
    await g.htlc.connect(g.relayer).claimWithPermission(PREIMAGE, g.token, 1_000n, g.payee, g.payer, deadline, again);
    expect(await g.token.balanceOf(g.relayer)).to.equal(1_000n);
  });

  it("case 6: takes the ERC-1271 signature of a contract, while its owner stands by it", async () => {
    const f = await loadFixture(deploy);
    const wallet = await ethers.deployContract("HostileAccount", [f.payee]);
    await lock(f, { recipient: wallet });
    const { id, lockedAt } = await lockOf(f, { recipient: wallet });
    const signature = await permission(f, { id, lockedAt });
    await wallet.setOwner(f.other);
    await expect(use(f, signature, { recipient: wallet })).to.be.revertedWithCustomError(
      f.htlc,
      "HTLC_InvalidPermission",
    );
    await wallet.setOwner(f.payee);
    await expect(use(f, signature, { recipient: wallet })).to.changeTokenBalances(f.token, [f.relayer], [1_000n]);
  });
});

describe("HTLC.refund", () => {
  it("pays the payer back whoever sends it, and frees the slot", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry);
    const refunding = f.htlc.connect(f.other).refund(HASH, f.token, f.payee, f.payer);
    await expect(refunding).to.changeTokenBalances(f.token, [f.payer, f.payee, f.htlc], [1_000n, 0n, -1_000n]);
    await expect(refunding)
      .to.emit(f.htlc, "Refunded")
      .withArgs(await idOf(f));
    expect(await lockOf(f)).to.deep.equal({ id: await idOf(f), ...ENDED });
    await expect(f.htlc.connect(f.other).refund(HASH, NATIVE, f.payee, f.payer)).to.changeEtherBalances(
      [f.payer, f.payee, f.htlc],
      [500n, 0n, -500n],
    );
  });

  it("case 17: reverts with HTLC_NotExpired up to the second before the expiry", async () => {
    const f = await loadFixture(deployLocked);
    await at(f.expiry - 1n);
    await expect(f.htlc.refund(HASH, f.token, f.payee, f.payer))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_NotExpired")
      .withArgs(f.expiry, f.expiry - 1n);
    await at(f.expiry);
    await f.htlc.refund(HASH, f.token, f.payee, f.payer);
  });

  it("reverts with HTLC_UnknownLock after a claim or a refund, or for a lock that never was", async () => {
    const f = await loadFixture(deployLocked);
    await claim(f);
    await at(f.expiry);
    await f.htlc.refund(HASH, NATIVE, f.payee, f.payer);
    for (const [token, recipient] of [
      [f.token, f.payee],
      [NATIVE, f.payee],
      [f.token, f.other],
    ] as const) {
      await expect(f.htlc.refund(HASH, token, recipient, f.payer))
        .to.be.revertedWithCustomError(f.htlc, "HTLC_UnknownLock")
        .withArgs(await idOf(f, token, HASH, recipient));
    }
  });

  it("case 2: reverts with HTLC_TransferFailed when the payer is refused, and can be sent again", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    await at(f.expiry);
    await f.hostile.setMode(Mode.ReturnFalse, f.payer);
    await expect(f.htlc.refund(HASH, f.hostile, f.payee, f.payer))
      .to.be.revertedWithCustomError(f.htlc, "HTLC_TransferFailed")
      .withArgs(f.hostile, f.payer, 1_000n);
    await f.hostile.setMode(Mode.Normal, ethers.ZeroAddress);
    await expect(f.htlc.refund(HASH, f.hostile, f.payee, f.payer)).to.changeTokenBalances(
      f.hostile,
      [f.payer, f.htlc],
      [1_000n, -1_000n],
    );
  });
});

describe("HTLC, case 1: re-entrancy through a token's hook", () => {
  /** Every function that moves money, called with anything. */
  function calls(f: Fixture): Record<string, string> {
    const encode = f.htlc.interface.encodeFunctionData.bind(f.htlc.interface);
    const [hash, { address }] = [ethers.ZeroHash, f.payer];
    return {
      lock: encode("lock", [hash, address, 1n, 1n, address]),
      lockWithPermit: encode("lockWithPermit", [hash, address, 1n, 1n, address, 0n, 27, hash, hash]),
      claim: encode("claim", [hash, address, 1n, address, address]),
      claimMany: encode("claimMany", [address, address, []]),
      claimTo: encode("claimTo", [hash, address, 1n, address, address]),
      claimWithPermission: encode("claimWithPermission", [hash, address, 1n, address, address, 0n, "0x"]),
      refund: encode("refund", [hash, address, address, address]),
    };
  }

  it("is turned away by every function, while tokens come in and while they go out", async () => {
    const f = await loadFixture(deploy);
    await lock(f, { token: f.hostile });
    for (const [name, data] of Object.entries(calls(f))) {
      await f.hostile.setCallback(f.htlc, data);
      await f.hostile.setMode(Mode.Reenter, ethers.ZeroAddress);
      await lock(f, { token: f.hostile, payer: f.other });
      expect(await f.hostile.answer(), `${name} on the way in`).to.equal(GUARD);
      await f.htlc.claim(PREIMAGE, f.hostile, 1_000n, f.payee, f.other);
      expect(await f.hostile.answer(), `${name} on the way out`).to.equal(GUARD);
      expect((await lockOf(f, { token: f.hostile })).amount).to.equal(1_000n);
    }
  });

  it("cannot count one payment for two locks", async () => {
    const f = await loadFixture(deploy);
    const data = f.htlc.interface.encodeFunctionData("lock", [
      HASH,
      await f.hostile.getAddress(),
      1_000n,
      f.expiry,
      f.payee.address,
    ]);
    await f.hostile.setCallback(f.htlc, data);
    await f.hostile.setMode(Mode.Reenter, ethers.ZeroAddress);
    await lock(f, { token: f.hostile });
    expect((await lockOf(f, { token: f.hostile })).amount).to.equal(1_000n);
    expect(await f.hostile.balanceOf(f.htlc)).to.equal(1_000n);
  });
});
