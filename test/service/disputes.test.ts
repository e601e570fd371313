import { rmSync } from "node:fs";

import { expect } from "chai";
import { toQuantity, Wallet } from "ethers";

import { type World } from "../../scripts/demo/world";
import { HubClient } from "../../src/chain";
import {
  addressOf,
  balance,
  digest,
  domainSeparator,
  emptyNote,
  hashNote,
  hashOfPreimage,
  hashState,
  keccakText,
  sign,
  toAddress,
  ZERO_HASH,
  type Address,
  type Hash,
  type Hex,
} from "../../src/protocol";
import { closeCall } from "../../src/sdk/chain/disputeCalls";
import { ChainSide } from "../../src/service/chainSide";
import { closeBySystem } from "../../src/service/disputes";
import { expectError } from "../helpers/errors";
import { listen, refusal } from "../helpers/http";
import { testWorld } from "../helpers/worlds";

const GWEI = 10n ** 9n;
const CONFIRMATIONS = 3;
/** Accounts that the node gives money to; customers are others. */
const RICH = 20;
const CLOSE_AFTER = 100n;
const SETTLEMENT = { most: 50, patience: 60n, margin: 120n, ceiling: null, longest: 3_600n };

describe("disputes by the service, on a real node", function () {
  this.timeout(120_000);
  let world: World;
  let coin: Address;
  let operator: Wallet;
  let chain: ChainSide;
  let troubles: string[];
  let users = 0;
  let time = 0n;

  before(async () => {
    world = await testWorld(() => time);
    coin = toAddress(await world.coin.getAddress());
    // Counts no nonces of its own: the outbox uses them too.
    operator = new Wallet(world.node.privateKey(0), world.node.provider);
    chain = await side();
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  beforeEach(() => (troubles = []));

  /** Pays its gas with an account that is nobody's but its own. */
  async function side(
    confirmations = CONFIRMATIONS,
    sender = new Wallet(world.node.privateKey(19), world.node.provider),
  ): Promise<ChainSide> {
    const { service, store, node, deployment } = world;
    return await ChainSide.create({
      ...{ service, store, provider: node.provider, deployment },
      ...{ finality: { confirmations }, settlement: SETTLEMENT, interval: 5, now: () => time },
      ...{
        fees: { cap: 500n * GWEI, patience: 60n },
        leastBalance: GWEI,
        dailyCap: null,
        proofInterval: 0n,
        closeAfter: CLOSE_AFTER,
      },
      senders: [sender],
      onTrouble: ({ message }) => void troubles.push(message),
    });
  }

  /** One by one: the hashes of those that the node mines at once do not lead from one to the next. */
  const mine = (blocks: number): Promise<unknown> =>
    Promise.all(Array.from({ length: blocks }, () => world.node.provider.send("evm_mine", [])));

  const poolSize = async (): Promise<number> => {
    const pool: unknown = await world.node.provider.send("eth_getBlockByNumber", ["pending", false]);
    return (pool as { transactions: unknown[] }).transactions.length;
  };
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  async function look(by = chain): Promise<void> {
    time = BigInt((await world.node.provider.getBlock("latest"))!.timestamp);
    await by.look();
  }

  async function finalise(by = chain, confirmations = CONFIRMATIONS): Promise<void> {
    await mine(confirmations);
    await look(by);
  }

  const channelOf = (user: Address) => world.service.channelOf(user, coin)!;

  /** A hosted account whose owner has its key too, with 100 coins of collateral. */
  async function customer() {
    const index = RICH + (users += 1);
    const privateKey = world.node.privateKey(index).toLowerCase() as Hex;
    const address = addressOf(privateKey);
    await world.node.provider.send("hardhat_setBalance", [address, "0x56bc75e2d63100000"]);
    await world.service.submit({ type: "openHostedAccount", privateKey, tokens: [coin] });
    // The node gives the first twenty alone something to pay for gas with.
    await world.node.provider.send("hardhat_setBalance", [address, toQuantity(10n ** 20n)]);
    await (await world.coin.connect(operator).mint(address, 100n)).wait();
    await (await world.coin.connect(world.node.account(index)).approve(world.hub.address, 100n)).wait();
    const key = { system: world.system, user: address, token: coin, epoch: 0n };
    await world.hubFor(index).deposit(key, 100n);
    await finalise();
    return { index, address, key, id: channelOf(address).id };
  }

  const pay = (from: Address, amount: bigint) =>
    world.service.submit({ type: "pay", from, to: null, token: coin, amount, reference: ZERO_HASH });

  /** Closes as the user, with what it had at `version`. */
  async function close({ index, key, id }: Awaited<ReturnType<typeof customer>>, version: bigint, humble = false) {
    const completed = await world.service.signatures.completeState(id, version);
    const now = BigInt((await world.node.provider.getBlock("latest"))!.timestamp);
    const fee = humble ? world.service.asset(coin).settings.staleFee : 0n;
    const hub = world.hubFor(index);
    const intent = { channel: key, completed, held: undefined, humble, fee, deadline: now + 600n };
    const { hash } = await hub.send(closeCall(hub.address, intent));
    return hash;
  }

  it("case 19: proves that a user cheated, shows the dispute meanwhile, and tells of none of it twice", async function () {
    const alice = await customer();
    for (let i = 0; i < 3; i++) await pay(alice.address, 10n);
    const transaction = await close(alice, 1n);
    await world.node.provider.send("evm_setAutomine", [false]);
    await look();
    await world.node.provider.send("evm_setAutomine", [true]);
    expect(channelOf(alice.address).status).to.equal("frozen");
    const { get } = await listen(this, world.service, { sides: new Map([[world.service, chain]]) });
    const { data } = (await get("/v1/disputes")).body as { data: Record<string, unknown>[] };
    const { judged } = chain.pendingDisputes()[0]!.close;
    const sent = data[0]!["sent"] as { transaction: string }[];
    expect(data).to.deep.equal([
      {
        ...{
          channelId: alice.id,
          account: alice.address,
          token: coin,
          decimals: 18,
          by: "user",
          humble: false,
          transaction,
        },
        ...{ version: "1", standing: "1", latest: "3", due: ["state"], systemCheated: false, late: false },
        challengeEnd: `${judged.challengeEnd}`,
        settleableFrom: `${chain.pendingDisputes()[0]!.settleableFrom}`,
        deadline: `${judged.challengeEnd}`,
        sent: [{ name: "challenge", status: "waiting", transaction: null }],
      },
    ]);
    expect(sent).to.have.length(1);
    await finalise();
    await finalise();
    expect([(await get("/v1/disputes")).body, channelOf(alice.address).key.epoch]).to.deep.equal([
      { data: [], pageSize: 50, hasMore: false, next: null, previous: null },
      1n,
    ]);
    expect(await world.coin.balanceOf(alice.address)).to.equal(0n);
    expect(troubles).to.deep.equal([]);
    expect(await world.service.audit.isConserved(coin)).to.equal(true);
  });

  /** Alice pays Bob 30 of her coins by a preimage that the system knows, and folds nothing. */
  async function paidByLock(name: string) {
    const [alice, bob] = [await customer(), await customer()];
    const { service } = world;
    const preimage = keccakText(name);
    const invoice = {
      hash: hashOfPreimage(preimage),
      amount: 30n,
      token: coin,
      expiry: time + 86_400n,
      account: bob.address,
      memo: ZERO_HASH,
    };
    // What the payee is promised must be covered by tokens of its own.
    await (await world.coin.connect(operator).mint(world.system, 30n)).wait();
    await (await world.coin.connect(operator).approve(world.hub.address, 30n)).wait();
    await new HubClient(world.hub.address, operator).commitCollateral(bob.key, 30n);
    await finalise();
    await service.submit({ type: "payInvoice", from: alice.address, signed: service.signInvoice(invoice), fee: 0n });
    return { alice, bob, invoice, preimage };
  }

  /** Until the hub pays everybody: Alice has 70 of her 100 coins, Bob is owed 130. */
  async function untilPaid({ alice, bob }: Awaited<ReturnType<typeof paidByLock>>) {
    await look();
    await finalise();
    const [dispute] = chain.pendingDisputes();
    expect([dispute?.answers, dispute?.claims.total]).to.deep.equal([[], 30n]);
    await world.node.pass(dispute!.settleableFrom - time);
    await look();
    await finalise();
    await look();
    expect([channelOf(alice.address).key.epoch, chain.pendingDisputes()]).to.deep.equal([1n, []]);
    expect(await world.coin.balanceOf(alice.address)).to.equal(70n);
    const { funds, state, note } = channelOf(bob.address);
    expect(balance(funds, state, note)).to.equal(130n);
    expect(await world.service.audit.isConserved(coin)).to.equal(true);
    expect(troubles).to.deep.equal([]);
  }

  const told = async (id: Address): Promise<string[]> =>
    (await world.service.events({ account: id, after: 0n, limit: 1_000 }))
      .map(({ type }) => type)
      .filter((type) => type.startsWith("channel."));

  it("case 18: is paid by the lock of a payer who vanished: registers the preimage in time, proves the lock, settles", async () => {
    const parties = await paidByLock("vanished");
    const { alice, invoice, preimage } = parties;
    const { version } = channelOf(alice.address).state;
    await close(alice, version);
    await look();
    await world.service.submit({ type: "reveal", preimage });
    await look();
    const registry = await world.hub.registry();
    await finalise();
    expect((await registry.registeredAt(invoice.hash, "latest"))! < invoice.expiry).to.equal(true);
    await untilPaid(parties);
  });

  it("case 18: closes on a payer who vanished and left open what it owes, also if it dies before the close is sent", async () => {
    const parties = await paidByLock("left open");
    const { alice, invoice, preimage } = parties;
    await world.service.submit({ type: "reveal", preimage });
    await world.node.pass(invoice.expiry + world.service.margin / 2n - time);
    await look();
    await finalise();
    expect(channelOf(alice.address).status).to.equal("open");
    const { id, key } = channelOf(alice.address);
    await closeBySystem(world.service, id, key.token);
    expect(channelOf(alice.address).status).to.equal("frozen");
    chain = await side();
    await look();
    await finalise();
    const [dispute] = chain.pendingDisputes();
    expect([dispute?.close.id, dispute?.close.judged.bySystem]).to.deep.equal([alice.id, true]);
    await untilPaid(parties);
    expect(await told(alice.address)).to.deep.equal(["channel.frozen", "channel.closing", "channel.settled"]);
  });

  it("closes by itself on who has not folded for long enough, and on nobody else", async () => {
    const { alice, bob, invoice, preimage } = await paidByLock("for long");
    await world.service.submit({ type: "reveal", preimage });
    await world.node.pass(invoice.expiry + world.service.margin / 2n - time);
    await look();
    await finalise();
    await world.node.pass(CLOSE_AFTER + 1n);
    await look();
    await world.node.provider.send("evm_mine", []);
    await look();
    expect([channelOf(alice.address).status, channelOf(bob.address).status]).to.deep.equal(["frozen", "open"]);
    expect((await world.hub.channel(alice.key)).closing).to.equal(true);
    expect(chain.pendingDisputes().map(({ close: { id } }) => id)).to.deep.equal([alice.id]);
    await finalise();
    await world.node.pass(chain.pendingDisputes()[0]!.settleableFrom - time);
    await look();
    await finalise();
    await look();
    expect(await world.coin.balanceOf(alice.address)).to.equal(70n);
  });

  it("case 17: is paid by a lock whose preimage is registered in the last second that counts", async () => {
    const parties = await paidByLock("in the last second");
    const { alice, invoice, preimage } = parties;
    await close(alice, channelOf(alice.address).state.version);
    await look();
    await world.service.submit({ type: "reveal", preimage });
    await world.node.provider.send("evm_setAutomine", [false]);
    await look();
    await world.node.provider.send("evm_setNextBlockTimestamp", [Number(invoice.expiry - 1n)]);
    await mine(1);
    await world.node.provider.send("evm_setAutomine", [true]);
    const registry = await world.hub.registry();
    expect(await registry.registeredAt(invoice.hash, "latest")).to.equal(invoice.expiry - 1n);
    await untilPaid(parties);
  });

  it("case 20: answers everybody who cheats in one block, each once", async () => {
    const cheats = [];
    for (let i = 0; i < 5; i++) cheats.push(await customer());
    for (const { address } of cheats) for (let i = 0; i < 3; i++) await pay(address, 10n);
    await world.node.provider.send("evm_setAutomine", [false]);
    const closing = cheats.map((one) => close(one, 1n));
    await until(async () => (await poolSize()) === cheats.length);
    await mine(1);
    await Promise.all(closing);
    await look();
    expect(await poolSize()).to.equal(cheats.length);
    await mine(1);
    await world.node.provider.send("evm_setAutomine", [true]);
    await look();
    expect(await poolSize()).to.equal(0);
    await finalise();
    await look();
    expect(cheats.map(({ address }) => channelOf(address).key.epoch)).to.deep.equal(cheats.map(() => 1n));
    expect([chain.pendingDisputes(), troubles]).to.deep.equal([[], []]);
  });

  it("case 21: answers what was closed while it was down, as soon as it has money for gas", async () => {
    const alice = await customer();
    for (let i = 0; i < 3; i++) await pay(alice.address, 10n);
    await close(alice, 1n);
    await world.node.pass(86_400n);
    const poor = new Wallet(keccakText("starledger poor disputes"), world.node.provider);
    const restarted = await side(CONFIRMATIONS, poor);
    await look(restarted);
    await look(restarted);
    expect(channelOf(alice.address).status).to.equal("frozen");
    expect(troubles.filter((trouble) => /gas/.test(trouble))).to.not.deep.equal([]);
    expect((await world.hub.channel(alice.key)).epoch).to.equal(0n);
    await (await operator.sendTransaction({ to: poor.address, value: 10n ** 18n })).wait();
    await look(restarted);
    await finalise(restarted);
    await finalise(restarted);
    expect([channelOf(alice.address).key.epoch, await world.coin.balanceOf(alice.address)]).to.deep.equal([1n, 0n]);
    chain = await side();
    await look();
  });

  it("case 22: closes one channel where the operator says so, whatever its user does, and only where a key pays for gas", async function () {
    const [alice, bob] = [await customer(), await customer()];
    await pay(alice.address, 10n);
    const { put } = await listen(this, world.service, { sides: new Map([[world.service, chain]]) });
    const without = await listen(this, world.service);
    const path = `/v1/channels/${alice.id}/close`;
    expect(await without.put(path)).to.deep.equal(refusal("no_gas_key", { system: world.system }));
    const unknown = keccakText("no channel");
    expect(await put(`/v1/channels/${unknown}/close`)).to.deep.equal(refusal("unknown_channel", { channel: unknown }));
    for (const { status, body } of [await put(path), await put(path)]) {
      expect([status, (body as { status: string }).status]).to.deep.equal([200, "frozen"]);
    }
    await expectError(() => pay(alice.address, 1n), "channel_frozen");
    await look();
    await finalise();
    const [dispute] = chain.pendingDisputes();
    expect([dispute?.close.id, dispute?.close.judged.bySystem]).to.deep.equal([alice.id, true]);
    expect(await world.coin.balanceOf(alice.address), "paid at once").to.equal(90n);
    await untilSettled(alice);
    expect(await told(alice.address)).to.deep.equal(["channel.frozen", "channel.closing", "channel.settled"]);
    expect([channelOf(bob.address).status, await world.coin.balanceOf(alice.address)]).to.deep.equal(["open", 90n]);
  });

  /** Lets the claim window of the one close that is pending go by. */
  async function untilSettled({ address }: { readonly address: Address }): Promise<void> {
    await world.node.pass(chain.pendingDisputes()[0]!.settleableFrom - time);
    await look();
    await finalise();
    await look();
    expect([channelOf(address).key.epoch, chain.pendingDisputes(), troubles]).to.deep.equal([1n, [], []]);
  }

  /** What the service does not know that it has signed. */
  const signedBySystem = (hash: Hash) => {
    const separator = domainSeparator(world.service.identity.domain);
    return { signature: sign(digest(separator, hash), world.secrets.signerKey), proof: [] };
  };

  it("case 27: shows nothing older on a close with a state that its restored books lack, and settles by that", async () => {
    const alice = await customer();
    for (let i = 0; i < 2; i++) await pay(alice.address, 10n);
    // What it signed after the backup that it was restored from.
    const state = { ...channelOf(alice.address).state, version: 5n, net: -60n };
    const completed = { state, systemSignature: signedBySystem(hashState(state)) };
    const hub = world.hubFor(alice.index);
    const intent = { channel: alice.key, held: undefined, humble: false, fee: 0n, deadline: time + 600n };
    await hub.send(closeCall(hub.address, { ...intent, completed }));
    await look();
    const [dispute] = chain.pendingDisputes();
    expect([dispute?.standing.version, dispute?.answers, dispute?.systemCheated]).to.deep.equal([5n, [], false]);
    await finalise();
    await untilSettled(alice);
    expect(await world.coin.balanceOf(alice.address)).to.equal(40n);
  });

  it("case 31: a close with a promise beyond the backing is settled with what there is; nobody else's collateral pays for it", async () => {
    const [alice, bob] = [await customer(), await customer()];
    const note = { ...emptyNote(alice.id), seq: 1n, credited: 5_000n };
    const held = { note, locks: [], signed: signedBySystem(hashNote(note)) };
    const hub = world.hubFor(alice.index);
    const intent = { channel: alice.key, completed: undefined, humble: false, fee: 0n, deadline: time + 600n };
    await hub.send(closeCall(hub.address, { ...intent, held }));
    await look();
    await finalise();
    await untilSettled(alice);
    expect(await world.coin.balanceOf(alice.address)).to.equal(100n);
    expect((await hub.channel(bob.key)).funds.collateral).to.equal(100n);
  });

  it("takes up signing again when its own close was not mined in time", async () => {
    const alice = await customer();
    await world.node.provider.send("evm_setAutomine", [false]);
    await closeBySystem(world.service, alice.id, coin);
    await look();
    const pool = (await world.node.provider.send("eth_getBlockByNumber", ["pending", false])) as {
      transactions: string[];
    };
    for (const hash of pool.transactions) await world.node.provider.send("hardhat_dropTransaction", [hash]);
    await world.node.pass(3_601n);
    await world.node.provider.send("evm_setAutomine", [true]);
    await look();
    await finalise();
    await finalise();
    expect(channelOf(alice.address).status).to.equal("open");
    await pay(alice.address, 10n);
    expect(await told(alice.address)).to.deep.equal(["channel.frozen", "channel.unfrozen"]);
  });

  it("case 16: signs for a channel again when its close was undone, and could not be mined any more", async () => {
    const alice = await customer();
    await pay(alice.address, 10n);
    const snapshot: unknown = await world.node.provider.send("evm_snapshot", []);
    await close(alice, 1n);
    await look();
    const period = world.service.asset(coin).settings.challengePeriod;
    await world.node.provider.send("evm_revert", [snapshot]);
    await mine(2);
    await finalise();
    expect([channelOf(alice.address).status, chain.pendingDisputes()]).to.deep.equal(["frozen", []]);
    await world.node.pass(period + 60n);
    await finalise();
    expect(channelOf(alice.address).status).to.equal("open");
    await pay(alice.address, 10n);
    expect(await told(alice.address)).to.deep.equal(["channel.frozen", "channel.closing", "channel.unfrozen"]);
  });

  for (const depth of [1, 64]) {
    it(`case 16: answers again, and only once, when a reorganisation of ${depth} blocks has undone its answer`, async () => {
      const alice = await customer();
      for (let i = 0; i < 3; i++) await pay(alice.address, 10n);
      const patient = await side(64);
      await close(alice, 1n);
      const snapshot: unknown = await world.node.provider.send("evm_snapshot", []);
      await look(patient);
      await mine(depth - 1);
      await look(patient);
      expect((await world.hub.channel(alice.key)).epoch).to.equal(1n);
      await world.node.provider.send("evm_revert", [snapshot]);
      await mine(1);
      expect((await world.hub.channel(alice.key)).epoch).to.equal(0n);
      await look(patient);
      await mine(1);
      await finalise(patient, 64);
      await look(patient);
      expect([channelOf(alice.address).key.epoch, await world.coin.balanceOf(alice.address)]).to.deep.equal([1n, 0n]);
    });
  }

  it("replaces what a humble close showed, and settles it when its time has come, also after a restart", async () => {
    const alice = await customer();
    for (let i = 0; i < 2; i++) await pay(alice.address, 10n);
    await close(alice, 1n, true);
    await look();
    await finalise();
    const restarted = await side();
    await look(restarted);
    const [dispute] = restarted.pendingDisputes();
    expect([dispute?.standing.version, dispute?.answers, dispute?.items]).to.deep.equal([2n, [], []]);
    await world.node.pass(dispute!.settleableFrom - time);
    await look(restarted);
    await finalise(restarted);
    await look(restarted);
    expect([channelOf(alice.address).key.epoch, restarted.pendingDisputes()]).to.deep.equal([1n, []]);
    expect(await world.coin.balanceOf(alice.address)).to.equal(80n);
    chain = restarted;
  });

  it("alarms once when a deadline comes near and its answer is not mined", async () => {
    const alice = await customer();
    for (let i = 0; i < 3; i++) await pay(alice.address, 10n);
    await close(alice, 1n);
    await world.node.provider.send("evm_setAutomine", [false]);
    await look();
    expect(chain.pendingDisputes().map(({ isLate }) => isLate)).to.deep.equal([false]);
    const { challengeEnd } = chain.pendingDisputes()[0]!.close.judged;
    const pool = (await world.node.provider.send("eth_getBlockByNumber", ["pending", false])) as {
      transactions: string[];
    };
    for (const hash of pool.transactions) await world.node.provider.send("hardhat_dropTransaction", [hash]);
    await world.node.provider.send("evm_setNextBlockTimestamp", [Number(challengeEnd - 1_000n)]);
    await mine(1);
    await look();
    await look();
    expect(chain.pendingDisputes().map(({ isLate }) => isLate)).to.deep.equal([true]);
    expect(troubles).to.have.length(1);
    expect(troubles[0]).to.match(/^A dispute's deadline comes near/);
    await world.node.provider.send("evm_setAutomine", [true]);
    await finalise();
    await finalise();
    expect(channelOf(alice.address).key.epoch).to.equal(1n);
  });

  it("case 16: freezes what was credited by a block that counted as final and is gone, nothing else, and takes up the chain anew", async () => {
    const bob = await customer();
    const snapshot: unknown = await world.node.provider.send("evm_snapshot", []);
    const alice = await customer();
    await world.node.provider.send("evm_revert", [snapshot]);
    await mine(2 * CONFIRMATIONS);
    for (let i = 0; i < 2; i++) await expectError(() => look(), "chain_rewritten");
    expect([channelOf(alice.address).status, channelOf(bob.address).status]).to.deep.equal(["frozen", "open"]);
    expect(await told(alice.address)).to.deep.equal(["channel.frozen"]);
    await expectError(() => pay(alice.address, 1n), "channel_frozen");
    const credited = async () => (await world.service.events({ types: ["deposit.credited"], limit: 1_000 })).length;
    const before = await credited();
    await world.store.cursors.forget(world.system);
    chain = await side();
    await look();
    const carol = await customer();
    await pay(carol.address, 1n);
    await pay(bob.address, 1n);
    expect(await credited(), "nothing is counted twice").to.equal(before + 1);
    expect([alice, bob, carol].map(({ address }) => channelOf(address).status)).to.deep.equal([
      "frozen",
      "open",
      "open",
    ]);
  });
});
