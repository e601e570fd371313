import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { toQuantity, Wallet } from "ethers";

import { placesIn, type World } from "../../../scripts/demo/world";
import { HubClient } from "../../../src/chain";
import {
  addressOf,
  balance,
  digest,
  domainSeparator,
  hashOfPreimage,
  keccakText,
  sign,
  toAddress,
  ZERO_HASH,
  type Address,
  type Hash,
  type Hex,
} from "../../../src/protocol";
import { closeCall } from "../../../src/sdk/chain/disputeCalls";
import { AccountService, Keystore } from "../../../src/service";
import { ChainSide } from "../../../src/service/chainSide";
import { localKey } from "../../../src/signer";
import { afterTest } from "../../helpers/afterTest";
import { openTestStore, SQLITE } from "../../helpers/databases";
import { testWorld } from "../../helpers/worlds";

const GWEI = 10n ** 9n;
export const CONFIRMATIONS = 3;
/** Accounts that the node gives money to; customers are others. */
const RICH = 20;
/** Seconds. */
export const CLOSE_AFTER = 100n;
const SETTLEMENT = { most: 50, patience: 60n, margin: 120n, ceiling: null, longest: 3_600n };

/** A service and its chain side on a real node, and customers with collateral who may close. */
export class Scene {
  chain!: ChainSide;
  readonly troubles: string[] = [];
  readonly coin: Address;
  /** Counts no nonces of its own: the outbox uses them too. */
  readonly operator: Wallet;
  private users = 0;

  private constructor(
    readonly world: World,
    private readonly clock: { time: bigint },
  ) {
    this.coin = toAddress(world.coin.target as string);
    this.operator = new Wallet(world.node.privateKey(0), world.node.provider);
  }

  static async open(context: Mocha.Context): Promise<Scene> {
    const clock = { time: 0n };
    const scene = new Scene(await testWorld(() => clock.time), clock);
    afterTest(context, async () => {
      await scene.world.stop();
      rmSync(scene.world.folder, { recursive: true });
    });
    scene.chain = await scene.side();
    return scene;
  }

  /** Unix seconds: the node's, as of the last look. */
  get time(): bigint {
    return this.clock.time;
  }

  /** Pays its gas with an account that is nobody's but its own. */
  async side(
    confirmations = CONFIRMATIONS,
    sender = new Wallet(this.world.node.privateKey(19), this.world.node.provider),
    { service, store }: Pick<World, "service" | "store"> = this.world,
  ): Promise<ChainSide> {
    const { node, deployment } = this.world;
    return await ChainSide.create({
      ...{ service, store, provider: node.provider, deployment },
      ...{ finality: { confirmations }, settlement: SETTLEMENT, interval: 5, now: () => this.time },
      ...{
        fees: { cap: 500n * GWEI, patience: 60n },
        leastBalance: GWEI,
        dailyCap: null,
        proofInterval: 0n,
        closeAfter: CLOSE_AFTER,
      },
      senders: [sender],
      onTrouble: ({ message }) => void this.troubles.push(message),
    });
  }

  async ask(method: string, ...params: unknown[]): Promise<unknown> {
    return await this.world.node.provider.send(method, params);
  }

  /** One by one: the hashes of those that the node mines at once do not lead from one to the next. */
  async mine(blocks: number): Promise<void> {
    await Promise.all(Array.from({ length: blocks }, () => this.ask("evm_mine")));
  }

  /** The service's database as it is now, by which another begins later. */
  async copyOfDatabase(): Promise<string> {
    const file = path.join(this.world.folder, "older.db");
    await SQLITE.execute(placesIn(this.world.folder).store, `VACUUM INTO '${file}'`);
    return `sqlite:${file}`;
  }

  /** Another service on a copy of the database, and its chain side, whose gas another account pays. */
  async restored(context: Mocha.Context, copy: string): Promise<{ service: AccountService; chain: ChainSide }> {
    const { service: lost, secrets, system, node } = this.world;
    await SQLITE.execute(copy, "UPDATE leases SET until = 0");
    const store = await openTestStore(context, copy);
    const [signer, keystore] = [localKey(secrets.signerKey), new Keystore(secrets.keystore, secrets.salt)];
    const options = { store, domain: lost.identity.domain, system, signer, keystore, now: () => this.time };
    const service = await AccountService.start(options);
    afterTest(context, () => service.stop());
    const sender = new Wallet(node.privateKey(18), node.provider);
    return { service, chain: await this.side(CONFIRMATIONS, sender, { service, store }) };
  }

  /** Hashes of what waits to be mined. */
  async pool(): Promise<readonly string[]> {
    return ((await this.ask("eth_getBlockByNumber", "pending", false)) as { transactions: string[] }).transactions;
  }

  /** Until so many transactions wait to be mined. */
  async waiting(count: number): Promise<void> {
    while ((await this.pool()).length < count) await delay(5);
  }

  async emptyPool(): Promise<void> {
    for (const hash of await this.pool()) await this.ask("hardhat_dropTransaction", hash);
  }

  async look(by = this.chain): Promise<void> {
    this.clock.time = BigInt((await this.world.node.provider.getBlock("latest"))!.timestamp);
    await by.look();
  }

  async finalise(by = this.chain, confirmations = CONFIRMATIONS): Promise<void> {
    await this.mine(confirmations);
    await this.look(by);
  }

  channelOf(user: Address) {
    return this.world.service.channelOf(user, this.coin)!;
  }

  /** A hosted account whose owner has its key too, with 100 coins of collateral. */
  async customer() {
    const { world, coin, operator } = this;
    const index = RICH + (this.users += 1);
    const privateKey = world.node.privateKey(index).toLowerCase() as Hex;
    const address = addressOf(privateKey);
    await world.service.submit({ type: "openHostedAccount", privateKey, tokens: [coin] });
    // The node gives the first twenty alone something to pay for gas with.
    await this.ask("hardhat_setBalance", address, toQuantity(10n ** 20n));
    await (await world.coin.connect(operator).mint(address, 100n)).wait();
    await (await world.coin.connect(world.node.account(index)).approve(world.hub.address, 100n)).wait();
    const key = { system: world.system, user: address, token: coin, epoch: 0n };
    await world.hubFor(index).deposit(key, 100n);
    await this.finalise();
    return { index, address, key, id: this.channelOf(address).id };
  }

  async pay(from: Address, amount: bigint): Promise<void> {
    await this.world.service.submit({ type: "pay", from, to: null, token: this.coin, amount, reference: ZERO_HASH });
  }

  /** A customer who has paid 10 coins so many times. */
  async payer(payments: number): Promise<Customer> {
    const customer = await this.customer();
    for (let i = 0; i < payments; i++) await this.pay(customer.address, 10n);
    return customer;
  }

  /** Closes as the user, with what it had at `version`. */
  async close({ index, key, id }: Customer, version: bigint, humble = false): Promise<string> {
    const { world } = this;
    const completed = await world.service.signatures.completeState(id, version);
    const now = BigInt((await world.node.provider.getBlock("latest"))!.timestamp);
    const fee = humble ? world.service.asset(this.coin).settings.staleFee : 0n;
    const hub = world.hubFor(index);
    const intent = { channel: key, completed, held: undefined, humble, fee, deadline: now + 600n };
    const { hash } = await hub.send(closeCall(hub.address, intent));
    return hash;
  }

  /** What the service does not know that it has signed. */
  signedBySystem(hash: Hash) {
    const separator = domainSeparator(this.world.service.identity.domain);
    return { signature: sign(digest(separator, hash), this.world.secrets.signerKey), proof: [] };
  }

  /** Alice pays Bob 30 of her coins by a preimage that the system knows, and folds nothing. */
  async paidByLock(name: string) {
    const { world, coin, operator } = this;
    const [alice, bob] = [await this.customer(), await this.customer()];
    const preimage = keccakText(name);
    const hash = hashOfPreimage(preimage);
    const expiry = this.time + 86_400n;
    const invoice = { hash, amount: 30n, token: coin, expiry, account: bob.address, memo: ZERO_HASH };
    // What the payee is promised must be covered by tokens of its own.
    await (await world.coin.connect(operator).mint(world.system, 30n)).wait();
    await (await world.coin.connect(operator).approve(world.hub.address, 30n)).wait();
    await new HubClient(world.hub.address, operator).commitCollateral(bob.key, 30n);
    await this.finalise();
    const signed = world.service.signInvoice(invoice);
    await world.service.submit({ type: "payInvoice", from: alice.address, signed, fee: 0n });
    return { alice, bob, invoice, preimage };
  }

  /** Lets the claim window of the one close that is pending go by. */
  async untilSettled({ address }: Pick<Customer, "address">): Promise<void> {
    await this.world.node.pass(this.chain.pendingDisputes()[0]!.settleableFrom - this.time);
    await this.look();
    await this.finalise();
    await this.look();
    expect([this.channelOf(address).key.epoch, this.chain.pendingDisputes(), this.troubles]).to.deep.equal([
      1n,
      [],
      [],
    ]);
  }

  /** Until the hub pays everybody: Alice has 70 of her 100 coins, Bob is owed 130. */
  async untilPaid({ alice, bob }: { readonly alice: Customer; readonly bob: Customer }): Promise<void> {
    await this.look();
    await this.finalise();
    const [dispute] = this.chain.pendingDisputes();
    expect([dispute?.answers, dispute?.claims.total]).to.deep.equal([[], 30n]);
    await this.untilSettled(alice);
    expect(await this.world.coin.balanceOf(alice.address)).to.equal(70n);
    const { funds, state, note } = this.channelOf(bob.address);
    expect(balance(funds, state, note)).to.equal(130n);
    expect(await this.world.service.audit.isConserved(this.coin)).to.equal(true);
  }

  /** The types of an account's events about its channel. */
  async told(id: Address): Promise<readonly string[]> {
    const events = await this.world.service.events({ account: id, after: 0n, limit: 1_000 });
    return events.map(({ type }) => type).filter((type) => type.startsWith("channel."));
  }
}

export type Customer = Awaited<ReturnType<Scene["customer"]>>;
