import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Random } from "../../scripts/torture/random";
import { addressOf, keccakText, type Address, type Hash, type SignedInvoice } from "../../src/protocol";
import { IssuedToken__factory, PreimageRegistry__factory } from "../../typechain-types";
import { SYSTEMS } from "./asset";
import { deployOnce, enrich, LIMIT, RESERVE, type Deployed } from "./chain/deployed";
import { DEPTH, Evm } from "./chain/evm";
import { approveCall } from "../../src/sdk/chain/calls";
import { trueTime } from "./time";
import { Customer } from "./customer";
import { Escape } from "./hostile/escape";
import { Stranger } from "./hostile/stranger";
import { Treason } from "./hostile/treason";
import { immortal } from "./life";
import { Backups } from "./loss/backups";
import type { Kept } from "./loss/holding";
import { Machine } from "./machine";
import { Network } from "./network";
import { Operator, type HostedAccount } from "./operator";
import { Orders, type Via } from "./orders";
import { Stage } from "./stage";
import { Outside } from "./quiet";
import { System } from "./system";
import { Violation } from "./violation";
import { Watchtower } from "./watchtower";

const [CUSTOMERS, HOSTED] = [
  ["alice", "bob", "carol", "dave", "mallory"],
  ["erin", "frank"],
];
/** Who is at the other system where there are two; of them also the customer who is not honest, in half of the runs. */
const ELSEWHERE: readonly string[] = ["carol", "dave", "frank"];
/** The customers who hand over to the watchtower. */
const WATCHED: readonly string[] = ["alice", "carol"];
/** The customer who is not honest. */
const HOSTILE = "mallory";
/** Seconds by which a clock is wrong at most. */
const SKEW = 20;
/** What everybody has at first. */
const START = 1_000n;

/** Who has money, and where. */
interface Account {
  readonly name: string;
  readonly address: Address;
  readonly system: System;
}

/** Everything that takes part, and what of it the driver decides. */
export class World {
  readonly stage: Stage;
  /** One or, in half of the runs, two. */
  readonly systems: readonly System[];
  readonly machine: Machine;
  readonly backups = new Backups();
  readonly tower: Watchtower;
  private readonly everybody: readonly Customer[];
  /** All accounts. */
  readonly accounts: readonly Account[];
  /** Where there are two systems, the account of each by which money goes to the other. */
  readonly routers: readonly Account[];
  /** One of each system. */
  readonly operators: readonly Operator[];
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
    this.stage = new Stage(folder, seed, new Network(), new Orders(), outside, evm);
    this.machine = new Machine(this.stage);
    const skews = [3, -7, 15, SKEW, -SKEW].map(BigInt);
    const random = new Random(`${seed} systems`);
    const elsewhere = random.chance(0.5) ? [...ELSEWHERE, ...(random.chance(0.5) ? [HOSTILE] : [])] : [];
    const all = SYSTEMS.slice(0, elsewhere.length > 0 ? 2 : 1);
    const identities = all.map(({ address: system, signerKey }) => {
      return { system, domain: deployed.domain, signer: addressOf(signerKey) };
    });
    this.systems = all.map((terms, i) => {
      return new System(this.stage, this.machine, deployed, terms, skews[2 * i]!, identities);
    });
    this.routers = (all.length > 1 ? this.systems : []).map((system) => {
      return { name: `the router of the ${system.name}`, address: system.router, system };
    });
    const systemFor = (name: string): System => this.systems[elsewhere.includes(name) ? 1 : 0]!;
    this.tower = new Watchtower(this.stage, deployed, skews[1]!);
    this.everybody = CUSTOMERS.map((name, i) => {
      const [skew, tower] = [skews[(i + 1) % skews.length]!, WATCHED.includes(name) ? this.tower : undefined];
      return new Customer(this.stage, systemFor(name), name, deployed.token, skew, name === HOSTILE, tower);
    });
    this.operators = this.systems.map((system) => {
      const hosted = HOSTED.filter((name) => systemFor(name) === system).map(hostedAccount);
      return new Operator(this.stage, system, immortal(`operator of the ${system.name}`, this.stage.outside), hosted);
    });
    const hosted = this.operators.flatMap((one) => one.hosted.map((account) => ({ ...account, system: one.system })));
    this.accounts = [...this.everybody, ...hosted].map(({ name, address, system }) => ({ name, address, system }));
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

  /** The routers of a payment; undefined if both are at one system. */
  between(payer: Address, payee: Address): Via | undefined {
    const [from, to] = [payer, payee].map((one) => this.accounts.find(({ address }) => address === one)!.system);
    return from === to ? undefined : { source: from!.router, target: to!.router };
  }

  operatorOf(system: System): Operator {
    return this.operators.find((one) => one.system === system)!;
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

  /** The next block comes, and the services hear of it. */
  async block(): Promise<void> {
    await this.stage.evm.mine();
    for (const system of this.systems) system.look();
    await this.quiet();
    for (const system of this.systems) await system.requireSent();
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
    const all = [...this.systems, this.tower, ...this.everybody];
    await this.quiet(Promise.all(all.map((one) => one.stop())));
    this.machine.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** @throws Violation if the books of a system do not hold (property 1) */
  async requireConserved(): Promise<void> {
    for (const { service } of this.systems) {
      if (service === undefined || (await this.quiet(service.audit.isConserved(this.token)))) continue;
      throw new Violation("property 1: the books do not hold");
    }
  }

  /** @throws Violation if somebody began anew with anything but what both sides had (S7) */
  async requireBegunAnew(): Promise<void> {
    const registry = PreimageRegistry__factory.createInterface();
    const registeredAt = async (hash: Hash) =>
      BigInt(await this.stage.evm.call(this.deployed.registry, registry.encodeFunctionData("revealedAt", [hash])));
    for (const { service, losses } of this.systems) {
      if (service === undefined) continue;
      await this.quiet(losses.requireBegun(service, (user) => this.keptBy(user), registeredAt));
    }
  }

  /** What the file of a user holds; nothing of whoever keeps no key. */
  private keptBy(user: Address): Kept | undefined {
    return this.everybody.find(({ address }) => address === user)?.kept;
  }

  /** A system turns against one of its users. */
  betray(customer: Customer, random: Random): void {
    customer.treason = new Treason(customer.system, customer.channel, random);
    this.escapes.push(new Escape(this.stage, customer));
  }

  private async begin(): Promise<void> {
    this.stranger = await Stranger.open(this.stage.evm);
    const { systems, operators, customers, stage, token } = this;
    for (const customer of customers) {
      customer.system.hear(customer.address, (delivery) => this.carry(customer, delivery));
    }
    for (const system of systems) await system.start();
    await this.tower.start();
    for (const system of systems) {
      const { address, settings } = system.terms;
      const limit = settings.backing === "issued" ? LIMIT : RESERVE;
      const asset = { system: address, token, decimals: 18, settings, allotment: LIMIT, limit };
      await system.submit({ type: "addAsset", asset });
    }
    for (const { address, system } of customers) await system.submit({ type: "openAccount", address, tokens: [token] });
    for (const { hosted, system } of operators) {
      for (const { key } of hosted) {
        await system.submit({ type: "openHostedAccount", privateKey: key, tokens: [token] });
      }
    }
    for (const customer of customers) {
      await enrich(customer.address);
      await customer.start();
      await customer.sends(approveCall(customer.system.domain.hub, token, LIMIT));
    }
    for (const { system } of this.routers) await system.openRouter(token);
    for (const { address: to, system } of [...this.accounts, ...this.routers]) {
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

function hostedAccount(name: string): HostedAccount {
  const key = keccakText(name);
  return { name, key, address: addressOf(key) };
}
