import { rmSync } from "node:fs";

import { expect } from "chai";
import { Signature, Wallet } from "ethers";

import { type World } from "../../scripts/demo/world";
import { addressOf, keccakText, toAddress, ZERO_HASH, type Address, type Hex } from "../../src/protocol";
import { DepositRouter__factory } from "../../typechain-types";
import { listen } from "../helpers/http";
import { ChainSide, type ChainSideOptions } from "../../src/service/chainSide";
import { testWorld } from "../helpers/worlds";

const GWEI = 10n ** 9n;
const CONFIRMATIONS = 2;
const PERMIT = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
};
const SETTLEMENT = { most: 3, patience: 60n, margin: 120n, ceiling: null, longest: 3_600n };

describe("ChainSide, on a real node", () => {
  let world: World;
  let token: Address;
  let people = 0;
  let troubles: string[];
  let refused: string[];

  before(async () => {
    world = await testWorld();
    token = toAddress(await world.points.getAddress());
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  beforeEach(() => {
    troubles = [];
    refused = [];
  });

  async function side(options: Partial<ChainSideOptions> = {}): Promise<ChainSide> {
    const { service, store, node, deployment } = world;
    return await ChainSide.create({
      service,
      store,
      provider: node.provider,
      deployment,
      finality: { confirmations: CONFIRMATIONS },
      senders: [new Wallet(node.privateKey(0), node.provider)],
      fees: { cap: 500n * GWEI, patience: 60n },
      settlement: SETTLEMENT,
      proofInterval: 0n,
      closeAfter: null,
      interval: 5,
      leastBalance: GWEI,
      dailyCap: null,
      now: chainTime,
      onTrouble: ({ code, message }) => void (code === "withdrawal_refused" ? refused : troubles).push(message),
      ...options,
    });
  }

  const mine = (blocks: number): Promise<unknown> =>
    world.node.provider.send("hardhat_mine", [`0x${blocks.toString(16)}`]);
  let time = 0n;
  const chainTime = (): bigint => time;
  const readTime = async (): Promise<void> => {
    time = BigInt((await world.node.provider.getBlock("latest"))!.timestamp);
  };

  /** A hosted account that has points and has asked for some of them on chain. */
  async function withdrawing(amount: bigint, recipient?: Address): Promise<{ id: Address; recipient: Address }> {
    const privateKey = keccakText(`withdrawing ${(people += 1)}`) as Hex;
    const id = addressOf(privateKey);
    const { service } = world;
    await service.submit({ type: "openHostedAccount", privateKey, tokens: [token] });
    await service.submit({ type: "issue", account: id, token, amount, reference: ZERO_HASH });
    const to = recipient ?? addressOf(keccakText(`recipient ${people}`));
    await readTime();
    const deadline = time + 3_600n;
    await service.submit({ type: "withdrawHosted", from: id, token, amount, recipient: to, deadline });
    return { id, recipient: to };
  }

  const pending = (account: Address) => world.service.channelOf(account, token)!.pending;

  it("sends withdrawals as soon as they fill a batch, and those that are left when they have waited", async () => {
    const chain = await side();
    await chain.look();
    const all: { id: Address; recipient: Address }[] = [];
    for (let i = 0; i < 4; i++) all.push(await withdrawing(10n));
    await chain.look();
    await mine(1 + CONFIRMATIONS);
    await chain.look();
    const paid = () => Promise.all(all.map(({ recipient }) => world.points.balanceOf(recipient)));
    expect(await paid()).to.have.members([10n, 10n, 10n, 0n]);
    time += 60n;
    await chain.look();
    await mine(1 + CONFIRMATIONS);
    await chain.look();
    expect([await paid(), all.map(({ id }) => pending(id))]).to.deep.equal([
      [10n, 10n, 10n, 10n],
      [null, null, null, null],
    ]);
    await chain.look();
    expect([troubles, refused]).to.deep.equal([[], []]);
    expect(await world.service.audit.isConserved(token)).to.equal(true);
  });

  it("goes on after a restart where it was, and pays nothing twice", async () => {
    const all: { id: Address; recipient: Address }[] = [];
    for (let i = 0; i < 3; i++) all.push(await withdrawing(10n));
    await (await side()).look();
    await (await side()).look();
    await mine(1 + CONFIRMATIONS);
    await (await side()).look();
    const restarted = await side();
    await restarted.look();
    await mine(1 + CONFIRMATIONS);
    await restarted.look();
    for (const { id, recipient } of all) {
      expect([await world.points.balanceOf(recipient), pending(id)]).to.deep.equal([10n, null]);
    }
  });

  it("settles the others of a batch in which the hub refuses one, and tells of that", async () => {
    const chain = await side();
    const good = [await withdrawing(10n), await withdrawing(10n)];
    const bad = await withdrawing(10n, world.hub.address);
    await chain.look();
    await mine(1 + CONFIRMATIONS);
    await chain.look();
    for (const { id, recipient } of good) {
      expect([await world.points.balanceOf(recipient), pending(id)]).to.deep.equal([10n, null]);
    }
    expect([refused.length, pending(bad.id)?.withdrawn]).to.deep.equal([1, 10n]);
    time += 120n;
    await chain.look();
    expect(await world.store.outbox.open(world.system)).to.deep.equal([]);
  });

  it("waits for a lower base fee, but not for too long, nor until the deadline is near", async () => {
    const { provider } = world.node;
    const dear = (await provider.getBlock("latest"))!.baseFeePerGas! - 1n;
    const chain = await side({ settlement: { ...SETTLEMENT, most: 1, ceiling: dear } });
    const open = async () => (await world.store.outbox.open(world.system)).length;
    await chain.look();
    const { id } = await withdrawing(10n);
    await chain.look();
    expect([await open(), pending(id)?.withdrawn]).to.deep.equal([0, 10n]);
    time += SETTLEMENT.longest;
    const late = await withdrawing(10n);
    time += 3_600n - 4n * SETTLEMENT.margin + 1n;
    await chain.look();
    expect(await open()).to.equal(2);
    await mine(1 + CONFIRMATIONS);
    await chain.look();
    expect([await open(), pending(id), pending(late.id)]).to.deep.equal([0, null, null]);
  });

  it("shows a withdrawal queued, sent, with its confirmations, settled, and refused with the hub's reason", async function () {
    const chain = await side({ settlement: { ...SETTLEMENT, most: 2 } });
    const { get } = await listen(this, world.service, { sides: new Map([[world.service, chain]]) });
    const shown = async ({ id }: { readonly id: Address }) => {
      const { data } = (await get(`/v1/withdrawals?account=${id}`)).body as { data: Record<string, unknown>[] };
      const { status, transaction, confirmations, reason } = data[0]!;
      return { status, transaction, confirmations, reason };
    };
    await chain.look();
    const good = await withdrawing(10n);
    const nothing = { transaction: null, confirmations: null, reason: null };
    await chain.look();
    expect(await shown(good)).to.deep.equal({ ...nothing, status: "queued" });
    const bad = await withdrawing(10n, world.hub.address);
    await world.node.provider.send("evm_setAutomine", [false]);
    await chain.look();
    await world.node.provider.send("evm_setAutomine", [true]);
    const [item] = await world.store.outbox.open(world.system);
    const sent = { status: "sent", transaction: item!.attempts[0]!.hash, confirmations: 0, reason: null };
    expect([await shown(good), await shown(bad)]).to.deep.equal([sent, sent]);
    await mine(2);
    await chain.look();
    expect(await shown(good)).to.deep.equal({ ...sent, confirmations: 2 });
    await mine(CONFIRMATIONS);
    await chain.look();
    const { reason, ...refusal } = await shown(bad);
    expect(await shown(good)).to.deep.equal({ ...sent, status: "settled", confirmations: null });
    expect(refusal).to.include({ status: "refused", transaction: sent.transaction });
    expect(reason).to.match(/^0x[0-9a-f]{8}/);
    expect(refused).to.have.length(1);
    await (await side({ settlement: { ...SETTLEMENT, most: 1 } })).look();
    expect(await world.store.outbox.open(world.system)).to.deep.equal([]);
  });

  it("shows deposits by permit and by a third party while they wait for confirmations, then credits them", async function () {
    const chain = await side();
    const { get } = await listen(this, world.service, { sides: new Map([[world.service, chain]]) });
    const { service, node, system, deployment } = world;
    const coin = toAddress(await world.coin.getAddress());
    const { depositRouter } = deployment;
    const [owner, payer, user] = [node.account(7), node.account(8), addressOf(keccakText("paid by others"))];
    await service.submit({ type: "openAccount", address: user, tokens: [coin] });
    const key = { system, user, token: coin, epoch: 0n };
    // The outbox has used nonces of this account.
    const minter = world.coin.connect(new Wallet(node.privateKey(0), node.provider));
    await (await minter.mint(owner.address, 30n)).wait();
    await (await minter.mint(payer.address, 12n)).wait();
    await (await world.coin.connect(payer).approve(world.hub.address, 12n)).wait();
    await world.hubFor(8).deposit(key, 12n);
    const nonce = await world.coin.nonces(owner.address);
    const domain = {
      name: await world.coin.name(),
      version: "1",
      chainId: deployment.chainId,
      verifyingContract: coin,
    };
    const message = { owner: owner.address, spender: depositRouter, value: 30n, nonce, deadline: 2n ** 64n };
    const signed = Signature.from(await owner.signTypedData(domain, PERMIT, message));
    const router = DepositRouter__factory.connect(depositRouter, owner);
    await (await router.depositWithPermit(key, 30n, message.deadline, signed.v, signed.r, signed.s)).wait();
    await chain.look();
    const seen = async () => (await get(`/v1/pending-deposits?account=${user}`)).body as { data: { amount: string }[] };
    const { data } = await seen();
    expect(data.map(({ amount }) => amount)).to.deep.equal(["12", "30"]);
    expect(data[1]).to.include({ account: user, token: coin, channelId: service.channelOf(user, coin)!.id });
    expect(data[1]).to.include({ confirmations: 1, decimals: 18 });
    await mine(CONFIRMATIONS);
    await chain.look();
    expect((await seen()).data).to.deep.equal([]);
    expect(service.channelOf(user, coin)!.funds.deposited).to.equal(42n);
  });

  it("looks by itself, and sends nothing where it has no key of the system", async () => {
    const { id } = await withdrawing(10n);
    const stranger = new Wallet(keccakText("stranger"), world.node.provider);
    const chain = await side({ senders: [stranger], settlement: { ...SETTLEMENT, most: 1, patience: 0n } });
    chain.start();
    await mine(1 + CONFIRMATIONS);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await chain.stop();
    expect(pending(id)?.withdrawn).to.equal(10n);
    expect(await world.store.outbox.open(toAddress(stranger.address))).to.deep.equal([]);
  });
});
