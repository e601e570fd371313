import { expect } from "chai";
import { z } from "zod";

import { digest, emptyState, hashState, nextState, sign, ZERO_HASH } from "../../../src/protocol";
import * as wire from "../../../src/wire";
import { onEachDatabase } from "../../helpers/databases";
import { listen, makeKey, refusal } from "../../helpers/http";
import { freshService, issue, openHosted, person, POINTS, pointsOf, SEPARATOR } from "../../helpers/service";

onEachDatabase("HTTP: case 25: idempotency keys", (database) => {
  async function setUp(context: Mocha.Context) {
    const { service } = await freshService(context, undefined, database);
    const api = await listen(context, service);
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const pay = (amount: string, operator: string, key = "order") =>
      api.post("/v1/transfers", { operator, key, body: { from: alice, to: bob, token: POINTS, amount } });
    return { service, api, alice, bob, pay };
  }

  it("of one caller never meet those of another, and nobody sees whose they are", async function () {
    const { service, api, bob, pay } = await setUp(this);
    const key = () => makeKey(api, { scopes: ["money:write"] });
    const callers = ["the operator's key", await key(), await key()];
    for (const [i, caller] of callers.entries()) {
      expect(await pay(`${i + 1}`, caller)).to.include({ status: 201, replayed: null });
      expect(await pay(`${i + 1}`, caller)).to.include({ status: 201, replayed: "true" });
      expect(await pay("50", caller)).to.deep.equal(refusal("idempotency_conflict"));
    }
    expect(pointsOf(service, bob)).to.equal(6n);
  });

  it("are free after a refusal: nothing has happened", async function () {
    const { service, bob, pay } = await setUp(this);
    const operator = "the operator's key";
    expect(await pay("101", operator)).to.deep.equal(refusal("insufficient_balance", { short: "1" }));
    expect(await pay("100", operator)).to.include({ status: 201, replayed: null });
    expect(pointsOf(service, bob)).to.equal(100n);
  });

  it("of a request that changed nothing are kept too", async function () {
    const { service, api, bob } = await setUp(this);
    const { key, address } = person("carol");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await issue(service, address, 10n);
    const { id } = service.channelOf(address, POINTS)!;
    const submit = (idempotencyKey: string, amount: bigint) => {
      const operations = [
        { type: "fold", seq: 1n, credited: 10n } as const,
        { type: "pay", to: bob, amount, reference: ZERO_HASH } as const,
      ];
      const proposal = nextState(emptyState(id), operations);
      const signature = sign(digest(SEPARATOR, hashState(proposal)), key);
      const body = z.encode(wire.stateSubmission, { proposal, operations, signature });
      return api.post(`/v1/channels/${id}/states`, { operator: null, key: idempotencyKey, body });
    };
    const first = await submit("first", 3n);
    const again = await submit("second", 3n);
    expect([first.status, again.status, again.replayed]).to.deep.equal([201, 201, null]);
    expect(await submit("second", 3n)).to.deep.equal({ ...again, replayed: "true" });
    expect(await submit("second", 4n)).to.deep.equal(refusal("idempotency_conflict"));
    expect(pointsOf(service, bob)).to.equal(3n);
  });
});
