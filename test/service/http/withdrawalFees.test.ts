import { expect } from "chai";

import {
  digest,
  hashState,
  hashWithdrawal,
  nextState,
  recoverSystem,
  sign,
  ZERO_HASH,
  type Hash,
  type Signature,
  type StateOperation,
} from "../../../src/protocol";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { expectError } from "../../helpers/errors";
import { answer, listen, refusal } from "../../helpers/http";
import {
  freshService,
  issue,
  NOW,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  startService,
  SYSTEM,
} from "../../helpers/service";

const RATE = { flat: "2", basisPoints: 1_000, min: "0", max: null };
const DEADLINE = NOW + 500n;

interface Receipt {
  readonly id: Hash;
  readonly commit: string;
  readonly fee: string;
  readonly payment: { readonly version: string; readonly systemSignature: { signature: Signature; proof: Hash[] } };
}

onEachDatabase("HTTP: the fee of a withdrawal", (database) => {
  async function world(context: Mocha.Context) {
    const { service, store, url: databaseUrl } = await freshService(context, undefined, database);
    const api = await listen(context, service);
    const alice = await openHosted(service, "alice", 100n);
    const charge = (fees: object) => api.put(`/v1/assets/${POINTS}/fees`, { body: fees });
    await charge({ withdrawal: RATE });
    const withdraw = (amount: string, { query = "", key = `key-${amount}`, ...more }: Record<string, string> = {}) => {
      const terms = {
        custody: "hosted",
        from: alice,
        token: POINTS,
        amount,
        recipient: alice,
        deadline: `${DEADLINE}`,
      };
      return api.post(`/v1/withdrawals${query}`, { body: { ...terms, ...more }, key });
    };
    return { ...api, service, store, databaseUrl, alice, charge, withdraw };
  }

  it("is paid by a state that is signed in the same commit; record, event, statement and books say the same", async function () {
    const { service, store, get, withdraw, alice, databaseUrl } = await world(this);
    const done = await withdraw("30");
    const { id, commit, fee, payment } = done.body as Receipt;
    expect([done.status, fee, payment.version]).to.deep.equal([201, "5", "1"]);
    expect(await withdraw("30")).to.deep.equal({ ...done, replayed: "true" });
    const channel = service.channelOf(alice, POINTS)!;
    const { message: state, operations } = (await store.signed.state(channel.id, 1n))!;
    const paid = { type: "fee", amount: 5n, reference: id };
    expect(operations).to.deep.equal([{ type: "fold", seq: 1n, credited: 100n }, paid]);
    expect([hashWithdrawal(channel.pending!), state]).to.deep.equal([id, channel.state]);
    const { signer } = service.identity;
    expect(recoverSystem(SEPARATOR, hashState(state), payment.systemSignature)).to.equal(signer);

    expect((await get(`/v1/withdrawals/${id}`)).body).to.include({ amount: "30", fee: "5", status: "signed" });
    const told = await service.events({ account: alice, order: "descending", limit: 2 });
    expect(told.map(({ type, amount, reference }) => [type, amount, reference, `${told[0]!.commit}`])).to.deep.equal([
      ["withdrawal.signed", null, id, commit],
      ["fee.charged", 5n, id, commit],
    ]);
    const day = new Date(told[0]!.time).toISOString().slice(0, 10);
    expect((await service.audit.reconcile()).differences).to.deep.equal([]);
    const statement = (await get(`/v1/statements/${POINTS}?date=${day}`)).body as Record<string, string>;
    expect([statement["fees"], statement["closing"]]).to.deep.equal(["5", "95"]);
    expect([pointsOf(service, alice), service.asset(POINTS).liabilities]).to.deep.equal([95n, 95n]);
    expect(await service.audit.isConserved(POINTS)).to.equal(true);

    await service.stop();
    const restarted = await startService(await openTestStore(this, databaseUrl));
    expect(restarted.channelOf(alice, POINTS)).to.deep.equal(channel);
  });

  it("is shown by a rehearsal, bounded by the caller, waived for an account, and part of what a key moves", async function () {
    const { service, post, put, get, withdraw, alice } = await world(this);
    const rehearsed = (await withdraw("30", { query: "?dryRun=true" })).body as { fee: string; account: object };
    expect(rehearsed.fee).to.equal("5");
    expect(rehearsed.account).to.include({ balance: "95", available: "65" });
    expect(await withdraw("30", { maxFee: "4" })).to.deep.equal(refusal("fee_too_high", { fee: "5", maxFee: "4" }));
    const limits = [{ token: POINTS, amount: "34", seconds: 60 }];
    const made = await post("/v1/api-keys", {
      body: { name: "till", scopes: ["money:write"], restrictions: { tokens: [POINTS], limits } },
    });
    const { key: operator } = made.body as { key: string };
    const terms = { custody: "hosted", from: alice, token: POINTS, amount: "30", recipient: alice };
    const limited = await post("/v1/withdrawals", { body: { ...terms, deadline: `${DEADLINE}` }, operator });
    expect((limited.body as { code: string }).code).to.equal("budget_exceeded");
    expect([pointsOf(service, alice), service.channelOf(alice, POINTS)!.pending]).to.deep.equal([100n, null]);

    await put(`/v1/accounts/${alice}/fees`, { body: { token: POINTS, waived: true } });
    const free = (await withdraw("30")).body as Receipt;
    expect([free.fee, free.payment, pointsOf(service, alice)]).to.deep.equal(["0", null, 100n]);
    expect((await get(`/v1/withdrawals/${free.id}`)).body).to.include({ fee: "0" });
  });

  it("case 28: that is larger than what would be left moves nothing, and leaves no withdrawal", async function () {
    const { service, withdraw, alice } = await world(this);
    expect(await withdraw("90")).to.deep.equal(refusal("insufficient_balance", { short: "1" }));
    const { state, pending } = service.channelOf(alice, POINTS)!;
    expect([state.version, pending]).to.deep.equal([0n, null]);
    expect((await withdraw("89")).status).to.equal(201);
    expect(pointsOf(service, alice)).to.equal(89n);
  });

  it("is paid together with the withdrawal or not at all, whatever its owner signs", async function () {
    const { service, alice } = await world(this);
    const { key, address } = person("carol");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await issue(service, address, 100n);
    const { id, state } = service.channelOf(address, POINTS)!;
    const withdrawal = { channelId: id, withdrawn: 30n, reclaimed: 0n, recipient: address, deadline: DEADLINE };
    const reference = hashWithdrawal(withdrawal);
    const signature = sign(digest(SEPARATOR, reference), key);
    const stateOf = (operations: StateOperation[], by = key) => {
      const proposal = nextState(state, operations);
      return { proposal, operations, signature: sign(digest(SEPARATOR, hashState(proposal)), by) };
    };
    const fold = { type: "fold", seq: 1n, credited: 100n } as const;
    const fee = { type: "fee", amount: 5n, reference } as const;
    const pay = { type: "pay", to: alice, amount: 1n, reference: ZERO_HASH } as const;
    const submit = (payment?: ReturnType<typeof stateOf>) =>
      service.submit({ type: "withdraw", withdrawal, signature, ...(payment && { payment }) });
    const lone = { type: "submitState", ...stateOf([fold, fee]) } as const;
    await expectError(() => service.submit(lone), "wrong_fee", { got: 5n, want: 0n });
    await expectError(() => submit(), "wrong_fee", { got: 0n, want: 5n });
    for (const [operations, got] of [
      [[fold, { ...fee, amount: 4n }], 4n],
      [[fold, { ...fee, amount: 6n }], 6n],
      [[fold, { ...fee, reference: ZERO_HASH }], 5n],
      [[fee, fold], 0n],
    ] as [StateOperation[], bigint][]) {
      await expectError(() => submit(stateOf(operations)), "wrong_fee", { got, want: 5n });
    }
    await expectError(() => submit(stateOf([fold, pay, fee])), "state_mismatch", { operation: "pay" });
    await expectError(() => submit(stateOf([fold, fee], person("mallory").key)), "wrong_signer", { want: address });
    const foreign = stateOf([fold, fee]);
    const elsewhere = { ...foreign.proposal, channelId: service.channelOf(alice, POINTS)!.id };
    await expectError(() => submit({ ...foreign, proposal: elsewhere }), "state_mismatch", { want: id });
    expect(service.channelOf(address, POINTS)).to.deep.include({ state, pending: null });

    const done = await submit(stateOf([fold, fee]));
    expect([done.fee, done.version, pointsOf(service, address)]).to.deep.equal([5n, 1n, 95n]);
    expect(await submit(stateOf([fold, fee]))).to.deep.equal(done);
    // Once more with another payment: what was paid stays paid once.
    await expectError(() => submit(stateOf([fold, { ...fee, amount: 6n }])), "stale_version", { want: 2n });
    expect(await submit()).to.deep.include({ consent: done.consent });
    expect(pointsOf(service, address)).to.equal(95n);
  });

  it("is set, shown and taken away like any other", async function () {
    const { charge, get, withdraw } = await world(this);
    const view = { system: SYSTEM, token: POINTS, decimals: 18, fees: { withdrawal: RATE } };
    expect(await get(`/v1/assets/${POINTS}/fees`)).to.deep.equal(answer(200, view));
    await charge({});
    expect((await withdraw("30")).body).to.include({ fee: "0", payment: null });
  });
});
