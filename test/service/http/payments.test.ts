import { expect } from "chai";

import {
  emptyState,
  hashNote,
  keccakText,
  nextState,
  recoverSystem,
  hashState,
  addressOf,
  ZERO_HASH,
} from "../../../src/protocol";
import { answer, listen, refusal, type Answer } from "../../helpers/http";
import {
  freshService,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  SIGNER_KEY,
  startService,
  SYSTEM,
} from "../../helpers/service";
import { onEachDatabase, openTestStore } from "../../helpers/databases";

const reference = keccakText("order 1");

/** Everything that is not an amount (case 28). */
const MALFORMED: readonly unknown[] = [
  ...["0", "-1", "+1", "1.5", "1.0", "1e18", "0x10", "01", " 1", "1 ", "", "1,000", "１", "NaN"],
  ...[`${2n ** 128n}`, "9".repeat(40), 1, 1.5, true, null, [], {}],
];

onEachDatabase("HTTP: payments", () => {
  it("issues to an account, which gets a note", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const body = { account: alice, token: POINTS, amount: "100", reference };
    const id = `${SYSTEM.slice(2)}4`;
    expect(await post("/v1/issuances", { body })).to.deep.equal(
      answer(201, { id, commit: "4", ...body, decimals: 18 }),
    );
    const { note, signed } = (await service.latestNote(service.channelOf(alice, POINTS)!.id))!;
    expect([note.credited, recoverSystem(SEPARATOR, hashNote(note), signed)]).to.deep.equal([
      100n,
      addressOf(SIGNER_KEY),
    ]);
  });

  it("moves money between hosted accounts, proven by the system's signature on the payer's state", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const { id: channelId } = service.channelOf(alice, POINTS)!;
    const body = { from: alice, to: bob, token: POINTS, amount: "30" };
    const done = await post("/v1/transfers", { body });
    const { systemSignature } = done.body as { systemSignature: { signature: never; proof: never[] } };
    expect(done).to.deep.equal(
      answer(201, {
        id: `${SYSTEM.slice(2)}6`,
        commit: "6",
        ...{ ...body, decimals: 18, reference: ZERO_HASH, fee: "0" },
        ...{ channelId, version: "1", systemSignature },
      }),
    );
    const state = nextState(emptyState(channelId), [
      { type: "fold", seq: 1n, credited: 100n },
      { type: "pay", to: bob, amount: 30n, reference: ZERO_HASH },
    ]);
    expect(recoverSystem(SEPARATOR, hashState(state), systemSignature)).to.equal(addressOf(SIGNER_KEY));
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([70n, 30n]);
  });

  it("case 28: refuses what is no amount, to oneself, above the balance", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const pay = (amount: unknown, to = bob) =>
      post("/v1/transfers", { body: { from: alice, to, token: POINTS, amount } });
    for (const amount of MALFORMED) {
      const refused = refusal("invalid_amount", { field: "body/amount" });
      expect(await pay(amount), JSON.stringify(amount)).to.deep.equal(refused);
      const issued = await post("/v1/issuances", { body: { account: alice, token: POINTS, amount } });
      expect(issued, JSON.stringify(amount)).to.deep.equal(refused);
    }
    expect(await pay("1", alice)).to.deep.equal(refusal("self_payment", { account: alice }));
    expect(await pay("101")).to.deep.equal(refusal("insufficient_balance", { short: "1" }));
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([100n, 0n]);
  });

  it("moves no money of a self-custody account", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const [alice, bob] = [person("alice").address, await openHosted(service, "bob")];
    await post("/v1/accounts", { body: { custody: "self", address: alice, tokens: [POINTS] } });
    await post("/v1/issuances", { body: { account: alice, token: POINTS, amount: "5" } });
    const stolen = await post("/v1/transfers", { body: { from: alice, to: bob, token: POINTS, amount: "5" } });
    expect(stolen).to.deep.equal(refusal("not_hosted", { account: alice }));
    expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([5n, 0n]);
  });

  describe("case 25: idempotency keys", () => {
    it("the same request pays once and gets the same answer, at once, later and after a restart", async function () {
      const { service, url } = await freshService(this);
      const { post } = await listen(this, service);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
      const body = { from: alice, to: bob, token: POINTS, amount: "30", reference };
      const order = { key: "order-1", body };

      const answers = await Promise.all([1, 2, 3].map(() => post("/v1/transfers", order)));
      const first = answers.find(({ replayed }) => replayed === null)!;
      const again: Answer = { ...first, replayed: "true" };
      expect(answers).to.have.deep.members([first, again, again]);
      expect(await post("/v1/transfers", order)).to.deep.equal(again);

      await service.stop();
      const restarted = await startService(await openTestStore(this, url));
      const after = await listen(this, restarted);
      expect(await after.post("/v1/transfers", order)).to.deep.equal(again);
      expect([pointsOf(restarted, alice), pointsOf(restarted, bob)]).to.deep.equal([70n, 30n]);
    });

    it("another body or call under the same key is refused, and does nothing", async function () {
      const { service } = await freshService(this);
      const { post } = await listen(this, service);
      const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
      const body = { from: alice, to: bob, token: POINTS, amount: "30" };
      await post("/v1/transfers", { key: "order-1", body });
      const refused = refusal("idempotency_conflict");
      expect(await post("/v1/transfers", { key: "order-1", body: { ...body, amount: "31" } })).to.deep.equal(refused);
      const other = { account: bob, token: POINTS, amount: "30" };
      expect(await post("/v1/issuances", { key: "order-1", body: other })).to.deep.equal(refused);
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([70n, 30n]);
    });

    it("are required, printable and not too long", async function () {
      const { service } = await freshService(this);
      const { post } = await listen(this, service);
      const alice = await openHosted(service, "alice");
      const body = { account: alice, token: POINTS, amount: "1" };
      for (const key of ["", "two words", "é", "k".repeat(256)]) {
        expect(await post("/v1/issuances", { key, body }), key).to.deep.equal(
          refusal("missing_idempotency_key", { field: "headers/idempotency-key" }),
        );
      }
      expect(pointsOf(service, alice)).to.equal(0n);
      expect((await post("/v1/issuances", { key: "k".repeat(255), body })).status).to.equal(201);
    });
  });

  it("refuses to promise more than the backing covers (case 31)", async function () {
    const { service } = await freshService(this, 10n);
    const { post } = await listen(this, service);
    const alice = await openHosted(service, "alice");
    const issue = (amount: string) => post("/v1/issuances", { body: { account: alice, token: POINTS, amount } });
    expect((await issue("10")).status).to.equal(201);
    const refused = await issue("1");
    expect([refused.status, (refused.body as { code: string }).code]).to.deep.equal([422, "not_covered"]);
    expect(pointsOf(service, alice)).to.equal(10n);
  });
});
