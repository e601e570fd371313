import { expect } from "chai";

import { digest, hashState, sign, ZERO_HASH, type Hash, type StateOperation } from "../../src/protocol";
import { onEachDatabase } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import {
  freshService as freshServiceOn,
  issue,
  openHosted,
  person,
  pointsOf,
  SEPARATOR,
  SYSTEM,
} from "../helpers/service";
import { openSelf, signed } from "../helpers/requests";

onEachDatabase("States that users sign", (database) => {
  const freshService = (context: Mocha.Context, limit?: bigint) => freshServiceOn(context, limit, database);

  describe("states that users sign", () => {
    it("are completed once: the same bytes again get the same signature and change nothing (case 25)", async function () {
      const { service, store } = await freshService(this);
      await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const request = signed(service, "alice", [{ type: "pay", to: bob, amount: 10n, reference: ZERO_HASH }]);
      const first = await service.submit(request);
      const last = await store.log.last(SYSTEM);
      const again = await service.submit(request);
      expect(again.state).to.deep.equal(first.state);
      expect([pointsOf(service, bob), await store.log.last(SYSTEM)]).to.deep.equal([10n, last]);
    });

    it("S1: two different ones of a version at once: exactly one wins (case 24)", async function () {
      const { service } = await freshService(this);
      await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const pay = (amount: bigint) =>
        signed(service, "alice", [{ type: "pay", to: bob, amount, reference: ZERO_HASH }]);
      const results = await Promise.allSettled([service.submit(pay(10n)), service.submit(pay(20n))]);
      expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected"]);
      await expectError(
        () => {
          const lost = results[1];
          if (lost.status === "rejected") throw lost.reason;
        },
        "equivocation",
        { version: 1 },
      );
      expect(pointsOf(service, bob)).to.equal(10n);
    });

    it("are refused when another key signed, or the bytes are not what was signed", async function () {
      const { service } = await freshService(this);
      const alice = await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const request = signed(service, "alice", [{ type: "pay", to: bob, amount: 10n, reference: ZERO_HASH }]);
      if (request.type !== "submitState") throw new Error("not a state");
      const forged = sign(digest(SEPARATOR, hashState(request.proposal)), person("mallory").key);
      await expectError(() => service.submit({ ...request, signature: forged }), "wrong_signer", { want: alice });
      const changed = { ...request, proposal: { ...request.proposal, net: 0n } };
      await expectError(() => service.submit(changed), "wrong_signer");
      const operations: StateOperation[] = [{ type: "pay", to: bob, amount: 9n, reference: ZERO_HASH }];
      await expectError(() => service.submit({ ...request, operations }), "state_mismatch");
      expect(pointsOf(service, alice)).to.equal(100n);
    });

    it("case 11: are refused when a field is not of its type, for it might hash like another", async function () {
      const { service } = await freshService(this);
      const alice = await openSelf(service, "alice", 100n);
      const bob = await openHosted(service, "bob");
      const request = signed(service, "alice", [{ type: "pay", to: bob, amount: 10n, reference: ZERO_HASH }]);
      if (request.type !== "submitState") throw new Error("not a state");
      const { proposal } = request;
      for (const change of [
        { net: proposal.net + 2n ** 128n },
        { net: proposal.net + 2n ** 256n },
        { version: proposal.version + 2n ** 64n },
        { noteCredited: -1n },
      ]) {
        await expectError(() => service.submit({ ...request, proposal: { ...proposal, ...change } }), "out_of_range");
      }
      for (const memo of ["0x", `${proposal.memo}00`, proposal.memo.replace(/.$/, "z"), proposal.memo.toUpperCase()]) {
        const changed = { ...proposal, memo: memo as Hash };
        await expectError(() => service.submit({ ...request, proposal: changed }), "invalid_hex");
      }
      await service.submit(request);
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([90n, 10n]);
    });

    it("may fold any note issued since the last fold", async function () {
      const { service } = await freshService(this);
      const alice = await openSelf(service, "alice", 100n);
      await issue(service, alice, 50n);
      const bob = await openHosted(service, "bob");
      const pay: StateOperation = { type: "pay", to: bob, amount: 10n, reference: ZERO_HASH };
      await service.submit(signed(service, "alice", [{ type: "fold", seq: 1n, credited: 100n }, pay]));
      await service.submit(signed(service, "alice", [{ type: "fold", seq: 2n, credited: 150n }, pay]));
      await expectError(
        () => service.submit(signed(service, "alice", [{ type: "fold", seq: 2n, credited: 150n }, pay])),
        "unknown_note",
      );
      expect([pointsOf(service, alice), pointsOf(service, bob)]).to.deep.equal([130n, 20n]);
    });
  });
});
