import { expect } from "chai";

import {
  channelId,
  emptyNote,
  emptyState,
  keccakText,
  sumLeafHash,
  sumParent,
  ZERO_HASH,
  type Address,
  type Signature,
  type SumLeaf,
} from "../../../src/protocol";
import {
  Anchor,
  ChainNode,
  httpProvider,
  Hub,
  verifyLiability,
  type Eip1193Provider,
  type LiabilityProof,
} from "../../../src/sdk";
import type { WalletRecord } from "../../../src/sdk/store";
import { liabilityProof } from "../../../src/wire";
import { ILiabilityAnchor__factory } from "../../../typechain-types";
import { startTown, type Town } from "../../helpers/clients";
import { expectError } from "../../helpers/errors";
import { person } from "../../helpers/service";
import { anchorStatement, proofFrom, publishTree } from "./helpers";

const [ALICE, BOB, CAROL] = ["alice", "bob", "carol"].map((name) => person(name).address) as [
  Address,
  Address,
  Address,
];
/** Before any block of the node. */
const LONG_AGO = 1_000n;
const FAR_AHEAD = 10n ** 12n;

describe("verifyLiability: what a system publishes that is not true", () => {
  let town: Town;

  before(async () => (town = await startTown()));
  after(() => town.stop());

  const refOf = (user: Address) => ({ system: town.world.system, user, token: town.points });
  const idOf = (user: Address) => channelId({ ...refOf(user), epoch: 0n });
  const leafOf = (user: Address, balance: bigint): SumLeaf => {
    return { channelId: idOf(user), salt: keccakText(`salt of ${user}`), balance };
  };
  /** What somebody has who was given notes of these sums. */
  const recordsOf = (user: Address, ...credits: readonly bigint[]): WalletRecord[] =>
    credits.map((credited, i) => {
      const note = { ...emptyNote(idOf(user)), seq: BigInt(i + 1), credited };
      const held = { note, locks: [], signed: { signature: "0x" as Signature, proof: [] } };
      return { type: "received", channelId: idOf(user), held, time: LONG_AGO };
    });
  const verify = (
    proof: LiabilityProof,
    user: Address,
    records?: readonly WalletRecord[],
    { provider = httpProvider(town.world.node.url), isSuperseded = false } = {},
  ) => {
    const node = new ChainNode(provider);
    const { hub, anchor } = town.world.deployment;
    const checks = { hub: new Hub(hub, node), anchor: new Anchor(anchor, node), channel: refOf(user), isSuperseded };
    return verifyLiability(proof, { ...checks, ...(records && { records }) });
  };

  it("is told from what is: root, total, statement, balance and backing are as the chain and the owner have them", async () => {
    const { proofOf, statement } = await publishTree(town, [leafOf(ALICE, 70n), leafOf(BOB, 30n), leafOf(CAROL, 0n)]);
    const { issueLimit } = statement;
    const [old, held, later] = recordsOf(ALICE, 50n, 70n, 80n) as [WalletRecord, WalletRecord, WalletRecord];
    const records = [old, held, { ...later, time: FAR_AHEAD }];
    expect(await verify(proofOf(0, { seq: 2n }), ALICE, records)).to.deep.equal({
      ...{ statement, channelId: idOf(ALICE), balance: 70n },
      backing: { kind: "issued", reserve: 0n, bond: 0n, issueLimit, asOf: "publication" },
    });
    expect((await verify(proofOf(2), CAROL)).balance).to.equal(0n);
  });

  it("case 31: a smaller balance than the owner's own records lead to, or none of a state that it knows", async () => {
    const { proofOf } = await publishTree(town, [leafOf(ALICE, 60n), leafOf(BOB, 30n)]);
    const records = recordsOf(ALICE, 50n, 70n);
    await expectError(() => verify(proofOf(0, { seq: 2n }), ALICE, records), "balance_mismatch", {
      ...{ got: 60n, least: 70n, most: 70n },
    });
    for (const made of [{ seq: 3n }, { seq: 2n, version: 1n }]) {
      await expectError(() => verify(proofOf(0, made), ALICE, records), "balance_mismatch");
    }
  });

  it("leaves open what follows from a state that another device may have signed", async () => {
    const { proofOf } = await publishTree(town, [leafOf(ALICE, 60n), leafOf(BOB, 30n)]);
    const recordOf = (type: "completed" | "adopted", version: bigint): WalletRecord => {
      const state = { ...emptyState(idOf(ALICE)), version };
      const signed = { signature: "0x" as Signature, systemSignature: { signature: "0x" as Signature, proof: [] } };
      const completed = { state, operations: [], locks: [], ...signed };
      return { type, channelId: idOf(ALICE), completed, time: FAR_AHEAD };
    };
    const [own, taken] = [recordOf("completed", 3n), recordOf("adopted", 6n)];
    await expectError(() => verify(proofOf(0, { version: 5n }), ALICE, [own, taken]), "balance_unknown", {
      ...{ channel: idOf(ALICE), version: 5n },
    });
    for (const version of [2n, 7n]) {
      await expectError(() => verify(proofOf(0, { version }), ALICE, [own, taken]), "balance_mismatch");
    }
  });

  it("is held against its own figures where a newer one came and the node has forgotten the block", async () => {
    const { url } = town.world.node;
    const forgetful: Eip1193Provider = {
      request: (call) => {
        const tag = call.params?.[1];
        const isOld = call.method === "eth_call" && typeof tag === "string" && tag.startsWith("0x");
        return isOld ? Promise.reject(new Error("missing trie node")) : httpProvider(url).request(call);
      },
    };
    const [rich, poor] = [
      await publishTree(town, [leafOf(ALICE, 70n), leafOf(BOB, 30n)], { reserve: 100n, issueLimit: 0n }),
      await publishTree(town, [leafOf(ALICE, 70n), leafOf(BOB, 30n)], { reserve: 99n, issueLimit: 0n }),
    ];
    const superseded = { isSuperseded: true };
    const { backing } = await verify(rich.proofOf(0), ALICE, undefined, { provider: forgetful, ...superseded });
    expect(backing).to.include({ asOf: "now", reserve: 0n });
    await expectError(
      () => verify(poor.proofOf(0), ALICE, undefined, { provider: forgetful, ...superseded }),
      "not_backed",
      { total: 100n, covered: 99n },
    );
  });

  it("case 31: an older balance than the owner held by then", async () => {
    const { proofOf } = await publishTree(town, [leafOf(ALICE, 50n), leafOf(BOB, 30n)]);
    await expectError(() => verify(proofOf(0, { seq: 1n }), ALICE, recordsOf(ALICE, 50n, 70n)), "balance_outdated", {
      ...{ seq: 1n, heldSeq: 2n },
    });
  });

  it("case 31: a sum that was shrunk at an inner node", async () => {
    const [alice, bob, carol, dave] = [leafOf(ALICE, 70n), leafOf(BOB, 30n), leafOf(CAROL, 7n), leafOf(CAROL, 9n)];
    const nodeOf = (leaf: SumLeaf) => ({ hash: sumLeafHash(leaf), sum: leaf.balance });
    const left = sumParent(nodeOf(alice), nodeOf(bob));
    const right = sumParent(nodeOf(carol), nodeOf(dave));
    const shrunk = { ...left, sum: 10n };
    const statement = await anchorStatement(town, sumParent(shrunk, right));
    // Whatever split of the node below Alice is shown: no hash of hers leads to the shrunk sum.
    for (const sibling of [nodeOf(bob), { ...nodeOf(bob), sum: 0n }]) {
      const proof = proofFrom(statement, alice, { index: 0n, siblings: [sibling, right] });
      await expectError(() => verify(proof, ALICE), "invalid_proof");
    }
    const ofCarol = proofFrom(statement, carol, { index: 2n, siblings: [nodeOf(dave), shrunk] });
    expect((await verify(ofCarol, CAROL)).balance, "who is not below it cannot see it").to.equal(7n);
  });

  it("case 31: one leaf for two customers with equal balances, or one customer's leaf shown to another", async () => {
    const { proofOf } = await publishTree(town, [leafOf(ALICE, 70n), leafOf(CAROL, 30n)]);
    await expectError(() => verify(proofOf(0), BOB), "invalid_proof", { channel: idOf(ALICE), of: BOB });
    const own = leafOf(ALICE, 70n);
    await expectError(() => verify(proofOf(0, { leaf: { ...own, channelId: idOf(BOB) } }), BOB), "invalid_proof");
  });

  it("a leaf that stands twice only makes it owe more", async () => {
    const { proofOf, statement } = await publishTree(town, [leafOf(ALICE, 70n), leafOf(ALICE, 70n), leafOf(BOB, 30n)]);
    for (const position of [0, 1]) await verify(proofOf(position), ALICE);
    expect(statement.total).to.equal(170n);
  });

  it("case 31: a second tree for one period", async () => {
    const first = await publishTree(town, [leafOf(ALICE, 70n), leafOf(BOB, 30n)]);
    const others = [leafOf(ALICE, 70n), leafOf(CAROL, 1n)];
    const { period } = first.statement;
    const second = { ...first.statement, root: keccakText("another"), total: 71n };
    const anchor = ILiabilityAnchor__factory.connect(town.world.deployment.anchor, town.world.node.account(0));
    await anchor.anchor.staticCall(second.token, period, second.root, second.total).then(
      () => expect.fail("the contract took it"),
      (error: unknown) => expect(error).to.have.nested.property("revert.name", "Anchor_AlreadyAnchored"),
    );
    const { tree, proofOf } = await publishTree(town, others);
    const shown = proofOf(0);
    const statement = { ...first.statement, root: tree.root.hash, total: tree.root.sum };
    const lie = { ...shown, publication: { ...shown.publication, statement } };
    await expectError(() => verify(lie, ALICE), "not_published", { period, total: 71n });
  });

  it("a statement that was never recorded", async () => {
    const { proofOf, statement } = await publishTree(town, [leafOf(ALICE, 70n), leafOf(BOB, 30n)]);
    const { publication } = proofOf(0);
    for (const change of [{ head: keccakText("another") }, { commit: 2n }, { reserve: 1n }]) {
      const lie = { ...publication, statement: { ...statement, ...change } };
      await expectError(() => verify(proofOf(0, { publication: lie }), ALICE), "not_published");
    }
  });

  it("case 31: a negative balance, or one that wraps a sum around", async () => {
    expect(() => leafHashOf(-1n)).to.throw();
    expect(() => leafHashOf(2n ** 128n)).to.throw();
    const [big, one] = [leafOf(ALICE, 2n ** 128n - 1n), leafOf(BOB, 1n)];
    await expectError(() => publishTree(town, [big, one]), "out_of_range");
    const { proofOf } = await publishTree(town, [leafOf(ALICE, 70n), one]);
    const { path } = proofOf(0);
    const negative = { ...path, siblings: [{ ...path.siblings[0]!, sum: -1n }] };
    await expectError(() => verify(proofOf(0, { path: negative }), ALICE), "out_of_range");
    for (const sum of ["-1", `${2n ** 128n}`]) {
      const sent = { siblings: [{ hash: ZERO_HASH, sum }], index: "0" };
      expect(liabilityProof.shape.path.safeParse(sent).success).to.equal(false);
    }
  });

  const leafHashOf = (balance: bigint) => sumLeafHash({ channelId: idOf(ALICE), salt: ZERO_HASH, balance });

  it("case 31: another backing than the chain has, or less than is owed", async () => {
    const leaves = [leafOf(ALICE, 70n), leafOf(BOB, 30n)];
    const boast = await publishTree(town, leaves, { reserve: 1_000n });
    await expectError(() => verify(boast.proofOf(0), ALICE), "backing_mismatch", { reserve: 1_000n, onChain: 0n });
    const { issueLimit } = boast.statement;
    const poor = await publishTree(town, [leafOf(ALICE, issueLimit), leafOf(BOB, 1n)]);
    await expectError(() => verify(poor.proofOf(0), ALICE), "not_backed", {
      ...{ total: issueLimit + 1n, covered: issueLimit },
    });
  });

  it("shows nothing of others but sums: who knows a neighbour's channel and balance cannot tell whether it is theirs", async () => {
    const leaves = [leafOf(ALICE, 70n), leafOf(BOB, 30n)];
    const { proofOf } = await publishTree(town, leaves);
    const { leaf, path } = proofOf(0);
    const shown = JSON.stringify({ leaf, path }, (_, value: unknown) =>
      typeof value === "bigint" ? `${value}` : value,
    );
    for (const secret of [BOB, idOf(BOB), leaves[1]!.salt]) expect(shown).not.to.include(secret.slice(2));
    const guesses = [ZERO_HASH, leaf.salt].map((salt) => sumLeafHash({ ...leaves[1]!, salt }));
    expect(path.siblings).to.deep.equal([{ hash: sumLeafHash(leaves[1]!), sum: 30n }]);
    expect(guesses).not.to.include(path.siblings[0]!.hash);
  });
});
