import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Wallet } from "ethers";

import { createWorld, type World } from "../../scripts/demo/world";
import { isPublished, readDeployment, type Deployment } from "../../src/chain";
import { addressOf, balance, keccakText, toAddress, verifyJournal, ZERO_HASH, type Address } from "../../src/protocol";
import { ChainSide, type ChainSideOptions } from "../../src/service/chainSide";
import { journalOf } from "../../src/service/journalOf";
import { proveAccount, publicationFor } from "../../src/service/liabilities/proofs";
import type { Store } from "../../src/store";
import { ILiabilityAnchor__factory } from "../../typechain-types";
import { expectError } from "../helpers/errors";

const GWEI = 10n ** 9n;
const DAY = 86_400n;

describe("Publications of what is owed, on a real node", function () {
  this.timeout(60_000);
  let world: World;
  let token: Address;
  let deployment: Deployment;
  let troubles: string[];
  let time = 1_800_000_000n;

  before(async () => {
    world = await createWorld(mkdtempSync(path.join(tmpdir(), "starledger-liabilities-")));
    token = toAddress(await world.points.getAddress());
    deployment = readDeployment((await world.node.provider.getNetwork()).chainId);
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  beforeEach(() => (troubles = []));

  async function side(options: Partial<ChainSideOptions> = {}): Promise<ChainSide> {
    const { service, store, node } = world;
    return await ChainSide.create({
      ...{ service, store, deployment, providers: [node.provider], quorum: 1 },
      finality: { confirmations: 1 },
      senders: [new Wallet(node.privateKey(0), node.provider)],
      fees: { cap: 500n * GWEI, patience: 60n },
      settlement: { most: 3, patience: 60n, margin: 120n, ceiling: null, longest: 3_600n },
      ...{ proofInterval: 0n, interval: 5, leastBalance: GWEI, dailyCap: null, now: () => time },
      onTrouble: ({ message }) => void troubles.push(message),
      ...options,
    });
  }

  /** Looks, mines, and looks again until what was published is final. */
  async function finish(chain: ChainSide, of: Address = token): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await chain.look();
      await world.node.provider.send("hardhat_mine", ["0x2"]);
      const [last] = await world.store.publications.list(world.system, of, 1);
      if (last?.status === "final") return;
    }
    throw new Error("it is not final");
  }

  async function publish(chain: ChainSide) {
    const wish = chain.publisher!.publish(token);
    await chain.look();
    const made = await wish;
    await finish(chain);
    return (await world.store.publications.find(world.system, token, made.statement.period))!;
  }

  async function customer(name: string, points: bigint): Promise<Address> {
    const privateKey = keccakText(name);
    await world.service.submit({ type: "openHostedAccount", privateKey, tokens: [token] });
    const account = addressOf(privateKey);
    if (points > 0n)
      await world.service.submit({ type: "issue", account, token, amount: points, reference: ZERO_HASH });
    return account;
  }

  const onChain = () => ILiabilityAnchor__factory.connect(deployment.anchor, world.node.provider);

  it("publishes total, reserve, bond, issue limit and the journal's head; every account's leaf is in it", async () => {
    const [alice, bob, carol] = [await customer("alice", 70n), await customer("bob", 30n), await customer("carol", 0n)];
    const before = await world.store.lastCommit(world.system);
    const publication = await publish(await side());
    const { statement, secret } = publication;
    const { commit } = statement;
    expect(commit >= before && commit <= (await world.store.lastCommit(world.system))).to.equal(true);
    const cap = await world.points.cap();
    expect(statement).to.deep.include({
      ...{ system: world.system, token, period: 0n, total: 100n, reserve: 0n, bond: 0n, issueLimit: cap, commit },
      head: await world.store.journal.head(world.system, commit),
    });
    expect(await isPublished(world.node.provider, deployment.anchor, statement)).to.deep.equal({
      anchored: true,
      recorded: true,
    });
    for (const [account, points] of [
      [alice, 70n],
      [bob, 30n],
      [carol, 0n],
    ] as const) {
      const proof = await proveAccount(world.service, account, publication);
      const { funds, state, note } = world.service.channelOf(account, token)!;
      expect([proof.balance, proof.version, proof.seq]).to.deep.equal([points, state.version, note.seq]);
      expect(proof.balance).to.equal(balance(funds, state, note));
      expect(
        await onChain().verifyInclusion(
          ...[world.system, token, 0n, proof.channelId, proof.salt, proof.balance, proof.path.index],
          [...proof.path.siblings],
        ),
      ).to.equal(true);
      expect(proof.salt).not.to.equal(secret);
    }
    const anchor = { token, period: 0n, commit, head: statement.head, total: statement.total };
    const last = await world.store.lastCommit(world.system);
    expect((await verifyJournal(journalOf(world.store, world.system), last, [anchor])).findings).to.deep.equal([]);
    const dave = await customer("dave", 1n);
    await expectError(() => proveAccount(world.service, dave, publication), "not_in_publication");
    await expectError(() => publicationFor(world.store, world.system, token, 9n), "unknown_publication", {
      period: "9",
    });
    expect(troubles).to.deep.equal([]);
  });

  it("publishes every period by itself, and answers with the one on its way when asked for another", async () => {
    const chain = await side({ proofInterval: DAY });
    const periods = async () =>
      (await world.store.publications.list(world.system, token, 99)).map(({ statement }) => statement.period);
    const before = await periods();
    await chain.look();
    expect(await periods()).to.deep.equal(before);
    time += DAY;
    const wishes = [chain.publisher!.publish(token), chain.publisher!.publish(token)];
    await chain.look();
    const [first, second] = await Promise.all(wishes);
    const third = chain.publisher!.publish(token);
    await chain.look();
    expect((await third).statement).to.deep.equal(first!.statement);
    expect(second).to.equal(first);
    await finish(chain);
    await chain.stop();
    expect(await periods()).to.deep.equal([BigInt(before.length), ...before]);
    const coin = toAddress(await world.coin.getAddress());
    const empty = (await world.store.publications.find(world.system, coin, 0n))!;
    expect([empty.statement.root, empty.statement.total, empty.channels]).to.deep.equal([ZERO_HASH, 0n, 0]);
    await expectError(() => Promise.resolve().then(() => chain.publisher!.publish(world.system)), "unknown_asset");
  });

  for (const [step, at] of [
    ["part of the tree is kept", "addChunks"],
    ["the publication is kept", "add"],
    ["it is handed over for sending", "put"],
    ["its end is noted", "settle"],
  ] as const) {
    for (const when of ["before", "after"] as const) {
      it(`goes on after a crash ${when} ${step}: every period is there, once`, async () => {
        const start = await world.store.publications.list(world.system, token, 99);
        const crashed = await side({ store: crashingStore(world.store, at, when) });
        const wish = crashed.publisher!.publish(token).catch(() => undefined);
        for (let i = 0; i < 4; i++) {
          await crashed.look().catch(() => undefined);
          await crashed.publisher!.stop();
          await world.node.provider.send("hardhat_mine", ["0x2"]);
        }
        await wish;
        const chain = await side();
        await publish(chain);
        const all = await world.store.publications.list(world.system, token, 99);
        expect(all.length).to.be.within(start.length + 1, start.length + 2);
        expect(all.map(({ statement }) => statement.period)).to.deep.equal(
          all.map((_, i) => BigInt(all.length - 1 - i)),
        );
        for (const { statement, status } of all) {
          expect(status).to.equal("final");
          const there = await isPublished(world.node.provider, deployment.anchor, statement);
          expect(there).to.deep.equal({ anchored: true, recorded: true });
        }
        expect(BigInt(await onChain().anchorOf(world.system, token, all.length))).to.equal(0n);
      });
    }
  }
});

/** A store that fails at one call, and at all that come after it: as a process that ended there. */
function crashingStore(store: Store, at: "addChunks" | "add" | "put" | "settle", when: "before" | "after"): Store {
  let isOver = false;
  const part = <T extends object>(real: T): T =>
    new Proxy(real, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return async (...given: unknown[]) => {
          const isHere = name === at || (at === "put" && target === (store.outbox as object) && name === "add");
          if (isOver || (isHere && when === "before")) {
            isOver = true;
            throw new Error("crashed");
          }
          const result: unknown = await (value as (...all: unknown[]) => unknown).apply(target, given);
          if (isHere) {
            isOver = true;
            throw new Error("crashed");
          }
          return result;
        };
      },
    });
  const publications = part(store.publications);
  const outbox = at === "put" ? part(store.outbox) : store.outbox;
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "publications") return publications;
      if (name === "outbox") return outbox;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
