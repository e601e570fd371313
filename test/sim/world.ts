import { mkdtempSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { addressOf, defaultAllotment, keccakText, toAddress, type SignedInvoice } from "../../src/protocol";
import { Customer } from "./customer";
import { Life } from "./life";
import { Network } from "./network";
import { Operator } from "./operator";
import { Orders } from "./orders";
import { Stage } from "./stage";
import { POINTS, System } from "./system";
import { Violation } from "./violation";
import { Witness } from "./witness";

export const TOKEN = toAddress("0x00000000000000000000000000000000000000aa");
const DOMAIN = { chainId: 31_337n, hub: toAddress("0x00000000000000000000000000000000000000bb") };
const [CUSTOMERS, HOSTED] = [
  ["alice", "bob", "carol", "dave"],
  ["erin", "frank"],
] as const;
/** Seconds by which a clock is wrong at most. */
const SKEW = 20;
/** What everybody has at first. */
const START = 1_000n;

/** Everything that takes part, and what of it the driver decides. */
export class World {
  readonly stage: Stage;
  readonly system: System;
  readonly customers: readonly Customer[];
  readonly operator: Operator;
  /** Invoices that somebody may pay. */
  readonly invoices: SignedInvoice[] = [];

  private constructor(
    private readonly folder: string,
    seed: string,
  ) {
    this.stage = new Stage(folder, seed, new Network(), new Witness(), new Orders());
    this.stage.finalTime = this.stage.time;
    const skews = [3, -7, 15, SKEW, -SKEW].map(BigInt);
    this.system = new System(this.stage, DOMAIN, skews[0]!);
    this.customers = CUSTOMERS.map(
      (name, i) => new Customer(this.stage, this.system, name, TOKEN, skews[(i + 1) % skews.length]!),
    );
    const immortal = new Life(
      "operator",
      { image: () => [], leave: () => undefined },
      this.stage.outside,
      () => undefined,
    );
    const hosted = HOSTED.map((name) => ({ name, key: keccakText(name), address: addressOf(keccakText(name)) }));
    this.operator = new Operator(this.stage, this.system, immortal, hosted);
  }

  /** Opens everybody's accounts, and gives them something to start with. */
  static async open(seed: string): Promise<World> {
    // Where there is one, a disk of memory: what is synced to it is as safe from the simulation, and there sooner.
    const root = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
    const world = new World(mkdtempSync(path.join(root, "starledger-simulation-")), seed);
    await world.quiet(world.begin());
    return world;
  }

  /** All accounts. */
  get accounts() {
    return [...this.customers, ...this.operator.hosted].map(({ name, address }) => ({ name, address }));
  }

  /** Waits until nothing happens but by the driver's doing, and `task` is over. */
  async quiet(task?: Promise<unknown>): Promise<void> {
    await this.stage.outside.quiet(task);
  }

  async close(): Promise<void> {
    await this.quiet(Promise.all([this.system.stop(), ...this.customers.map((customer) => customer.stop())]));
    rmSync(this.folder, { recursive: true });
  }

  /** @throws Violation if the books of the system do not hold (property 1) */
  async requireConserved(): Promise<void> {
    const { service } = this.system;
    if (service !== undefined && !(await service.audit.isConserved(TOKEN))) {
      throw new Violation("property 1: the books do not hold");
    }
  }

  private async begin(): Promise<void> {
    const { system, operator, customers, stage } = this;
    for (const customer of customers) system.hear(customer.address, (delivery) => this.carry(customer, delivery));
    await system.start();
    const allotment = defaultAllotment(18);
    const asset = { system: system.address, token: TOKEN, decimals: 18, settings: POINTS, allotment, limit: allotment };
    await system.submit({ type: "addAsset", asset });
    for (const { address } of customers) await system.submit({ type: "openAccount", address, tokens: [TOKEN] });
    for (const { key } of operator.hosted) {
      await system.submit({ type: "openHostedAccount", privateKey: key, tokens: [TOKEN] });
    }
    for (const customer of customers) await customer.start();
    for (const { address: to } of this.accounts) {
      const order = stage.orders.add({ type: "issue", from: null, to, amount: START, fee: 0n });
      const { reference } = order;
      await system.submit({ type: "issue", account: to, token: TOKEN, amount: START, reference });
      order.status = "done";
    }
  }

  private carry(customer: Customer, delivery: Parameters<Customer["hear"]>[0]): void {
    this.stage.network.send({ label: `note to ${customer.name}`, deliver: () => customer.hear(delivery) });
  }
}
