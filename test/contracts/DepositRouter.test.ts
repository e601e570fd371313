import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { ContractTransactionResponse } from "ethers";
import { ethers } from "hardhat";

import { Backing, hostileToken, idOf, listAs, Mode, now, pass, type Ref } from "./helpers/fixture";
import { PERMIT2 } from "./helpers/permit2";
import { deployRouter, permit2Of, permitOf, type RouterFixture } from "./helpers/router";

const AMOUNT = 400n;

/** The deposit took `amount` from `payer`, is the channel's, and the router kept nothing. */
async function expectDeposited(
  f: RouterFixture,
  call: Promise<ContractTransactionResponse>,
  payer: RouterFixture["user"],
  amount = AMOUNT,
) {
  await expect(call).to.changeTokenBalances(f.token, [payer, f.router, f.hub], [-amount, 0n, amount]);
  await expect(call).to.emit(f.hub, "Deposited").withArgs(idOf(f.ref), amount);
  const { deposited, collateral } = await f.hub.channelOf(f.ref);
  expect([deposited, collateral]).to.deep.equal([amount, amount]);
}

/** Nothing moved anywhere. */
async function expectUntouched(f: RouterFixture, ref: Ref = f.ref) {
  const balances = await Promise.all([f.user, f.other, f.router, f.hub].map((who) => f.token.balanceOf(who)));
  expect(balances).to.deep.equal([1_000_000n, 1_000_000n, 0n, 0n]);
  expect((await f.hub.channelOf(ref)).deposited).to.equal(0n);
}

describe("DepositRouter.depositWithPermit", () => {
  const deposit = async (
    f: RouterFixture,
    sender: RouterFixture["user"],
    permit: Awaited<ReturnType<typeof permitOf>>,
    ref = f.ref,
  ) => f.router.connect(sender).depositWithPermit(ref, ...permit);

  it("deposits the sender's tokens in one transaction, without an approval before, and keeps nothing", async () => {
    const f = await loadFixture(deployRouter);
    await expectDeposited(f, deposit(f, f.user, await permitOf(f, f.token, f.user, AMOUNT)), f.user);
    expect(await f.token.allowance(f.user, f.router)).to.equal(0n);
  });

  it("approves the hub once, whoever deposits next", async () => {
    const f = await loadFixture(deployRouter);
    const first = deposit(f, f.user, await permitOf(f, f.token, f.user, AMOUNT));
    await expect(first).to.emit(f.token, "Approval").withArgs(f.router, f.hub, ethers.MaxUint256);
    const second = deposit(f, f.other, await permitOf(f, f.token, f.other, 1n));
    await expect(second).to.changeTokenBalances(f.token, [f.other, f.router, f.hub], [-1n, 0n, 1n]);
    const approvals = await f.token.queryFilter(f.token.filters.Approval(f.router, f.hub));
    expect(approvals).to.have.length(1);
    expect((await f.hub.channelOf(f.ref)).deposited).to.equal(AMOUNT + 1n);
  });

  it("pays into another's channel, as anyone may", async () => {
    const f = await loadFixture(deployRouter);
    await expectDeposited(f, deposit(f, f.other, await permitOf(f, f.token, f.other, AMOUNT)), f.other);
  });

  it("succeeds when somebody has sent the permit ahead", async () => {
    const f = await loadFixture(deployRouter);
    const permit = await permitOf(f, f.token, f.user, AMOUNT);
    const [amount, deadline, v, r, s] = permit;
    await f.token.connect(f.tower).permit(f.user, f.router, amount, deadline, v, r, s);
    await expectDeposited(f, deposit(f, f.user, permit), f.user);
  });

  it("uses an approval where the permit is worth nothing", async () => {
    const f = await loadFixture(deployRouter);
    await f.token.connect(f.user).approve(f.router, AMOUNT);
    const expired = await permitOf(f, f.token, f.user, AMOUNT, (await now()) - 1n);
    await expectDeposited(f, deposit(f, f.user, expired), f.user);
  });

  it("a copied permit moves nothing for the copier: only the sender's own tokens are taken", async () => {
    const f = await loadFixture(deployRouter);
    const permit = await permitOf(f, f.token, f.user, AMOUNT);
    const own = { ...f.ref, user: await f.other.getAddress() };
    await expect(deposit(f, f.other, permit, own))
      .to.be.revertedWithCustomError(f.router, "DepositRouter_InsufficientAllowance")
      .withArgs(0n, AMOUNT);
    await expectUntouched(f, own);
  });

  it("another's standing approval of the router is of no use to anybody else", async () => {
    const f = await loadFixture(deployRouter);
    await f.token.connect(f.user).approve(f.router, ethers.MaxUint256);
    const own = { ...f.ref, user: await f.tower.getAddress() };
    const none = [AMOUNT, 0n, 27, ethers.ZeroHash, ethers.ZeroHash] as const;
    await expect(deposit(f, f.tower, none, own))
      .to.be.revertedWithCustomError(f.router, "DepositRouter_InsufficientAllowance")
      .withArgs(0n, AMOUNT);
    await expectUntouched(f, own);
  });

  it("a token that swallows a permit it does not know gives nothing away", async () => {
    const f = await loadFixture(deployRouter);
    const silent = await ethers.deployContract("SilentToken");
    await silent.give(f.user, AMOUNT);
    const ref = await listAs(f, silent, Backing.Collateral);
    const none = [AMOUNT, 0n, 27, ethers.ZeroHash, ethers.ZeroHash] as const;
    await expect(deposit(f, f.user, none, ref))
      .to.be.revertedWithCustomError(f.router, "DepositRouter_InsufficientAllowance")
      .withArgs(0n, AMOUNT);
    await silent.connect(f.user).approve(f.router, AMOUNT);
    await deposit(f, f.user, none, ref);
    expect((await f.hub.channelOf(ref)).deposited).to.equal(AMOUNT);
  });

  it("case 4: deposits what arrived of a fee-on-transfer token, and keeps nothing", async () => {
    const f = await loadFixture(deployRouter);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await token.connect(f.user).approve(f.router, 1_000n);
    await token.setMode(Mode.Fee, ethers.ZeroAddress);
    await deposit(f, f.user, [1_000n, 0n, 27, ethers.ZeroHash, ethers.ZeroHash], ref);
    expect((await f.hub.channelOf(ref)).deposited).to.equal(810n);
    const left = await Promise.all([f.user, f.router, f.hub].map((who) => token.balanceOf(who)));
    expect(left).to.deep.equal([999_000n, 0n, 810n]);
  });

  it("leaves alone what was sent to it by mistake: it is credited to nobody", async () => {
    const f = await loadFixture(deployRouter);
    await f.token.connect(f.other).transfer(f.router, 77n);
    await expectDeposited(f, deposit(f, f.user, await permitOf(f, f.token, f.user, AMOUNT)), f.user);
    expect(await f.token.balanceOf(f.router)).to.equal(77n);
  });

  it("case 1: a token that re-enters, by either way in, is turned away", async () => {
    const f = await loadFixture(deployRouter);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await token.connect(f.user).approve(f.router, 2_000n);
    const none = [1_000n, 0n, 27, ethers.ZeroHash, ethers.ZeroHash] as const;
    const permit = { permitted: { token: ref.token, amount: 1_000n }, nonce: 0n, deadline: 0n };
    const encode = f.router.interface.encodeFunctionData.bind(f.router.interface);
    for (const call of [
      encode("depositWithPermit", [ref, ...none]),
      encode("depositWithPermit2", [ref.system, ref.user, permit, ref.user, "0x"]),
    ]) {
      await token.setCallback(f.router, call);
      await token.setMode(Mode.Reenter, ethers.ZeroAddress);
      await deposit(f, f.user, none, ref);
      expect(await token.answer()).to.equal(ethers.id("ReentrancyGuardReentrantCall()").slice(0, 10));
    }
    expect((await f.hub.channelOf(ref)).deposited).to.equal(2_000n);
  });

  it("reverts as the hub does, with nothing moved: unknown asset, nothing to move", async () => {
    const f = await loadFixture(deployRouter);
    const ref = { ...f.ref, system: await f.other.getAddress() };
    await expect(deposit(f, f.user, await permitOf(f, f.token, f.user, AMOUNT), ref))
      .to.be.revertedWithCustomError(f.errors, "Hub_UnknownAsset")
      .withArgs(ref.system, ref.token);
    await expect(deposit(f, f.user, await permitOf(f, f.token, f.user, 0n))).to.be.revertedWithCustomError(
      f.errors,
      "Hub_NothingToMove",
    );
    await expectUntouched(f, ref);
  });

  it("case 14: refuses native coin, named as the token or sent along", async () => {
    const f = await loadFixture(deployRouter);
    const none = [AMOUNT, 0n, 27, ethers.ZeroHash, ethers.ZeroHash] as const;
    await expect(deposit(f, f.user, none, { ...f.ref, token: ethers.ZeroAddress })).to.be.revertedWithCustomError(
      f.router,
      "DepositRouter_NativeCoin",
    );
    const data = f.router.interface.encodeFunctionData("depositWithPermit", [f.ref, ...none]);
    await expect(f.user.sendTransaction({ to: f.router, data, value: 1n })).to.be.reverted;
    await expect(f.user.sendTransaction({ to: f.router, value: 1n })).to.be.reverted;
  });
});

describe("DepositRouter.depositWithPermit2, on the real Permit2", () => {
  type Signed = Awaited<ReturnType<typeof permit2Of>>;
  const deposit = async (f: RouterFixture, { permit, signature }: Signed, ref = f.ref, owner = f.ref.user) =>
    f.router.connect(f.other).depositWithPermit2(ref.system, ref.user, permit, owner, signature);
  const permit2 = (f: RouterFixture) =>
    new ethers.Contract(
      PERMIT2,
      [
        "error InvalidSigner()",
        "error InvalidNonce()",
        "error SignatureExpired(uint256)",
        "error InvalidContractSignature()",
        "function permitWitnessTransferFrom(((address token,uint256 amount) permitted,uint256 nonce,uint256 deadline) permit,(address to,uint256 requestedAmount) details,address owner,bytes32 witness,string witnessType,bytes signature)",
      ],
      f.other,
    );

  it("deposits what the owner signed for, whoever sends it", async () => {
    const f = await loadFixture(deployRouter);
    await expectDeposited(f, deposit(f, await permit2Of(f, f.ref, f.user, AMOUNT)), f.user);
  });

  it("takes the signature of a contract wallet (ERC-1271)", async () => {
    const f = await loadFixture(deployRouter);
    const wallet = await ethers.deployContract("HostileAccount", [f.user]);
    await f.token.connect(f.user).transfer(wallet, AMOUNT);
    await wallet.act(f.token, 0n, f.token.interface.encodeFunctionData("approve", [PERMIT2, ethers.MaxUint256]));
    const signed = await permit2Of(f, f.ref, f.user, AMOUNT);
    await deposit(f, signed, f.ref, await wallet.getAddress());
    expect((await f.hub.channelOf(f.ref)).deposited).to.equal(AMOUNT);
    const again = await permit2Of(f, f.ref, f.other, AMOUNT, { nonce: 1n });
    await expect(deposit(f, again, f.ref, await wallet.getAddress())).to.be.revertedWithCustomError(
      permit2(f),
      "InvalidContractSignature",
    );
  });

  const changes: [string, (f: RouterFixture, signed: Signed) => Promise<ContractTransactionResponse>][] = [
    [
      "into the copier's channel",
      async (f, signed) => deposit(f, signed, { ...f.ref, user: await f.other.getAddress() }),
    ],
    [
      "into another system's channel",
      async (f, signed) => deposit(f, signed, { ...f.ref, system: await f.other.getAddress() }),
    ],
    [
      "of more",
      (f, { permit, signature }) =>
        deposit(f, { permit: { ...permit, permitted: { ...permit.permitted, amount: AMOUNT + 1n } }, signature }),
    ],
    [
      "of less",
      (f, { permit, signature }) =>
        deposit(f, { permit: { ...permit, permitted: { ...permit.permitted, amount: 1n } }, signature }),
    ],
    ["of another's tokens", async (f, signed) => deposit(f, signed, f.ref, await f.other.getAddress())],
    [
      "later than signed",
      (f, { permit, signature }) => deposit(f, { permit: { ...permit, deadline: permit.deadline + 1n }, signature }),
    ],
  ];
  for (const [what, call] of changes) {
    it(`a copied signature deposits nothing ${what}`, async () => {
      const f = await loadFixture(deployRouter);
      await f.token.connect(f.other).approve(PERMIT2, ethers.MaxUint256);
      const signed = await permit2Of(f, f.ref, f.user, AMOUNT);
      await expect(call(f, signed)).to.be.revertedWithCustomError(permit2(f), "InvalidSigner");
      await expectUntouched(f);
    });
  }

  it("a copied signature is worth nothing at Permit2 itself: the router is the spender", async () => {
    const f = await loadFixture(deployRouter);
    const { permit, signature } = await permit2Of(f, f.ref, f.user, AMOUNT);
    const witness = ethers.keccak256(
      ethers.AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "address", "address"],
        [ethers.id("ChannelDeposit(address system,address user)"), f.ref.system, f.ref.user],
      ),
    );
    const type =
      "ChannelDeposit witness)ChannelDeposit(address system,address user)TokenPermissions(address token,uint256 amount)";
    const details = { to: await f.other.getAddress(), requestedAmount: AMOUNT };
    await expect(
      permit2(f).getFunction("permitWitnessTransferFrom")(permit, details, f.ref.user, witness, type, signature),
    ).to.be.revertedWithCustomError(permit2(f), "InvalidSigner");
    await expectUntouched(f);
  });

  it("a signature counts once; sent ahead by another it has done what it says", async () => {
    const f = await loadFixture(deployRouter);
    const signed = await permit2Of(f, f.ref, f.user, AMOUNT);
    await expectDeposited(f, deposit(f, signed), f.user);
    await expect(deposit(f, signed)).to.be.revertedWithCustomError(permit2(f), "InvalidNonce");
  });

  it("a signature for another spender, or too late, counts for nothing", async () => {
    const f = await loadFixture(deployRouter);
    const foreign = await permit2Of(f, f.ref, f.user, AMOUNT, { spender: f.ref.system });
    await expect(deposit(f, foreign)).to.be.revertedWithCustomError(permit2(f), "InvalidSigner");
    const signed = await permit2Of(f, f.ref, f.user, AMOUNT);
    await pass(7_200n);
    await expect(deposit(f, signed))
      .to.be.revertedWithCustomError(permit2(f), "SignatureExpired")
      .withArgs(signed.permit.deadline);
    await expectUntouched(f);
  });

  it("case 4: deposits what arrived of a fee-on-transfer token, and keeps nothing", async () => {
    const f = await loadFixture(deployRouter);
    const token = await hostileToken(f);
    const ref = await listAs(f, token, Backing.Collateral);
    await token.connect(f.user).approve(PERMIT2, ethers.MaxUint256);
    await token.setMode(Mode.Fee, ethers.ZeroAddress);
    await deposit(f, await permit2Of(f, ref, f.user, 1_000n), ref);
    expect([(await f.hub.channelOf(ref)).deposited, await token.balanceOf(f.router)]).to.deep.equal([810n, 0n]);
  });

  it("refuses native coin, and names the lack of Permit2", async () => {
    const f = await loadFixture(deployRouter);
    const native = { ...f.ref, token: ethers.ZeroAddress };
    await expect(deposit(f, await permit2Of(f, native, f.user, AMOUNT), native)).to.be.revertedWithCustomError(
      f.router,
      "DepositRouter_NativeCoin",
    );
    const nobody = await f.tower.getAddress();
    const without = await ethers.deployContract("DepositRouter", [f.hub, nobody]);
    const { permit, signature } = await permit2Of({ router: without }, f.ref, f.user, AMOUNT);
    await expect(without.depositWithPermit2(f.ref.system, f.ref.user, permit, f.ref.user, signature))
      .to.be.revertedWithCustomError(without, "DepositRouter_NoPermit2")
      .withArgs(nobody);
  });

  it("knows its hub and its Permit2", async () => {
    const f = await loadFixture(deployRouter);
    expect([await f.router.hub(), await f.router.permit2()]).to.deep.equal([await f.hub.getAddress(), PERMIT2]);
  });
});
