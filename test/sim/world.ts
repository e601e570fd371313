import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { Random } from "../../scripts/torture/random";
import { addressOf, keccakText, type Address, type SignedInvoice } from "../../src/protocol";
import { IssuedToken__factory } from "../../typechain-types";
import { POINTS } from "./asset";
import { deployOnce, enrich, LIMIT, type Deployed } from "./chain/deployed";
import { DEPTH, Evm } from "./chain/evm";
import { approveCall } from "../../src/sdk/chain/calls";
import { trueTime } from "./time";
import { Customer } from "./customer";
import { Escape } from "./hostile/escape";
import { Stranger } from "./hostile/stranger";
import { Treason } from "./hostile/treason";
import { immortal } from "./life";
import { Network } from "./network";
import { Operator } from "./operator";
import { Orders } from "./orders";
import { Stage } from "./stage";
import { Outside } from "./quiet";
import { System } from "./system";
import { Violation } from "./violation";
import { Watchtower } from "./watchtower";
import { Witness } from "./witness";

const [CUSTOMERS, HOSTED] = [
  ["alice", "bob", "carol", "dave", "mallory"],
  ["erin", "frank"],
] as const;
/** The customers who hand over to the watchtower. */
const WATCHED: readonly string[] = ["alice", "carol"];
/** The customer who is not honest. */
const HOSTILE = "mallory";
/** Seconds by which a clock is wrong at most. */
const SKEW = 20;
/** What everybody has at first. */
const START = 1_000n;

/** Everything that takes part, and what of it the driver decides. */
export class World {
  readonly stage: Stage;
  readonly system: System;
  readonly tower: Watchtower;
  private readonly everybody: readonly Customer[];
  readonly operator: Operator;
  /** Invoices that somebody may pay. */
  readonly invoices: SignedInvoice[] = [];
  /** Of those whom the system has turned against. */
  readonly escapes: Escape[] = [];
  stranger!: Stranger;

  private constructor(
    private readonly folder: string,
    seed: string,
    private readonly deployed: Deployed,
    outside: Outside,
    evm: Evm,
  ) {
    this.stage = new Stage(folder, seed, new Network(), new Witness(), new Orders(), outside, evm);
    const skews = [3, -7, 15, SKEW, -SKEW].map(BigInt);
    this.system = new System(this.stage, deployed, skews[0]!);
    this.tower = new Watchtower(this.stage, deployed, skews[1]!);
    this.everybody = CUSTOMERS.map((name, i) => {
      const [skew, tower] = [skews[(i + 1) % skews.length]!, WATCHED.includes(name) ? this.tower : undefined];
      return new Customer(this.stage, this.system, name, deployed.token, skew, name === HOSTILE, tower);
    });
    const hosted = HOSTED.map((name) => ({ name, key: keccakText(name), address: addressOf(keccakText(name)) }));
    this.operator = new Operator(this.stage, this.system, immortal("operator", this.stage.outside), hosted);
  }

  /** Opens everybody's accounts, and gives them something to start with. */
  static async open(seed: string): Promise<World> {
    // Where there is one, a disk of memory: what is synced to it is as safe from the simulation, and there sooner.
    const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
    const folder = mkdtempSync(path.join(root, "starledger-simulation-"));
    const outside = new Outside();
    const evm = await Evm.open(outside, trueTime);
    const world = new World(folder, seed, await deployOnce(), outside, evm);
    await world.quiet(world.begin());
    return world;
  }

  /** All accounts. */
  get accounts() {
    return [...this.everybody, ...this.operator.hosted].map(({ name, address }) => ({ name, address }));
  }

  /** Who keeps a key and takes part. */
  get customers(): readonly Customer[] {
    return this.everybody.filter(({ isGone }) => !isGone);
  }

  /** Who has left for good. */
  get gone(): readonly Customer[] {
    return this.everybody.filter(({ isGone }) => isGone);
  }

  get token(): Address {
    return this.deployed.token;
  }

  /** What an account has outside of its channel. */
  async tokensOf(account: Address): Promise<bigint> {
    const abi = IssuedToken__factory.createInterface();
    return BigInt(await this.stage.evm.call(this.token, abi.encodeFunctionData("balanceOf", [account])));
  }

  /** The next block comes, and the service hears of it. */
  async block(): Promise<void> {
    await this.stage.evm.mine();
    this.system.look();
    await this.quiet();
    await this.system.requireSent();
    await this.quiet(this.tower.attend());
    for (const escape of this.escapes) await this.quiet(escape.attend());
    await this.quiet();
  }

  /** Waits until nothing happens but by the driver's doing, and `task` is over; resolves with what that comes to. */
  async quiet(): Promise<void>;
  async quiet<T>(task: Promise<T>): Promise<T>;
  async quiet(task: Promise<unknown> = Promise.resolve()): Promise<unknown> {
    return await this.stage.outside.quiet(task);
  }

  async close(): Promise<void> {
    await this.quiet(
      Promise.all([this.system.stop(), this.tower.stop(), ...this.everybody.map((customer) => customer.stop())]),
    );
    rmSync(this.folder, { recursive: true });
  }

  /** @throws Violation if the books of the system do not hold (property 1) */
  async requireConserved(): Promise<void> {
    const { service } = this.system;
    if (service !== undefined && !(await this.quiet(service.audit.isConserved(this.token)))) {
      throw new Violation("property 1: the books do not hold");
    }
  }

  /** The system turns against one of its users. */
  betray(customer: Customer, random: Random): void {
    customer.treason = new Treason(this.system.domain, customer.channel, random);
    this.escapes.push(new Escape(this.stage, customer));
  }

  private async begin(): Promise<void> {
    this.stranger = await Stranger.open(this.stage.evm);
    const { system, operator, customers, stage } = this;
    for (const customer of customers) system.hear(customer.address, (delivery) => this.carry(customer, delivery));
    await system.start();
    await this.tower.start();
    const { token } = this;
    const asset = { system: system.address, token, decimals: 18, settings: POINTS, allotment: LIMIT, limit: LIMIT };
    await system.submit({ type: "addAsset", asset });
    for (const { address } of customers) await system.submit({ type: "openAccount", address, tokens: [token] });
    for (const { key } of operator.hosted) {
      await system.submit({ type: "openHostedAccount", privateKey: key, tokens: [token] });
    }
    for (const customer of customers) {
      await enrich(customer.address);
      await customer.start();
      await customer.sends(approveCall(system.domain.hub, token, LIMIT));
    }
    for (const { address: to } of this.accounts) {
      const order = stage.orders.add({ type: "issue", from: null, to, amount: START, fee: 0n });
      const { reference } = order;
      await system.submit({ type: "issue", account: to, token, amount: START, reference });
      order.status = "done";
    }
    // No reorganisation goes back behind this.
    for (let i = 0; i <= DEPTH; i++) await this.stage.evm.mine();
  }

  private carry(customer: Customer, delivery: Parameters<Customer["hear"]>[0]): void {
    this.stage.network.send({ label: `note to ${customer.name}`, deliver: () => customer.hear(delivery) });
  }
}
