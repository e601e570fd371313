import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { createWorld, type World } from "../../scripts/demo/world";
import { readDeployment } from "../../src/chain";
import { addressOf, keccakText, toAddress, ZERO_HASH, type Address, type Hex } from "../../src/protocol";
import { ChainSide, type ChainSideOptions } from "../../src/service/chainSide";

const GWEI = 10n ** 9n;
const CONFIRMATIONS = 2;

describe("ChainSide, on a real node", function () {
  this.timeout(60_000);
  let world: World;
  let token: Address;
  let people = 0;
  let troubles: string[];
  let refused: string[];

  before(async () => {
    world = await createWorld(mkdtempSync(path.join(tmpdir(), "starledger-chain-side-")));
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
    const { service, store, node } = world;
    const { chainId } = await node.provider.getNetwork();
    return await ChainSide.create({
      service,
      store,
      providers: [node.provider],
      quorum: 1,
      deployment: readDeployment(chainId),
      finality: { confirmations: CONFIRMATIONS },
      senders: [new Wallet(node.privateKey(0), node.provider)],
      fees: { cap: 500n * GWEI, patience: 60n },
      settlement: { most: 3, patience: 60n, margin: 120n },
      interval: 5,
      leastBalance: GWEI,
      now: chainTime,
      onTrouble: ({ message }) => void troubles.push(message),
      onRefused: (_, reason) => void refused.push(reason),
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
    expect(await world.service.isConserved(token)).to.equal(true);
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

  it("looks by itself, and sends nothing where it has no key of the system", async () => {
    const { id } = await withdrawing(10n);
    const stranger = new Wallet(keccakText("stranger"), world.node.provider);
    const chain = await side({ senders: [stranger], settlement: { most: 1, patience: 0n, margin: 120n } });
    chain.start();
    await mine(1 + CONFIRMATIONS);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await chain.stop();
    expect(pending(id)?.withdrawn).to.equal(10n);
    expect(await world.store.outbox.open(toAddress(stranger.address))).to.deep.equal([]);
  });
});
