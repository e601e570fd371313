import { expect } from "chai";

import { hashState, recoverSystem, addressOf } from "../../src/protocol";
import { openStore } from "../../src/store";
import { crashing } from "../helpers/crashing";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { endLeases } from "../helpers/leases";
import { listAssets, openHosted, POINTS, pointsOf, SEPARATOR, SIGNER_KEY, startService } from "../helpers/service";
import { payment } from "../helpers/requests";

onEachDatabase("AccountService after a crash", (database) => {
  describe("case 23: a crash at any point", () => {
    for (const crashAt of ["before", "within", "after"] as const) {
      it(`${crashAt} the commit: nothing unsigned-for is sent, nothing durable is lost, a retry pays once`, async function () {
        const url = await database.fresh(this);
        const store = crashing(await openStore(url));
        const service = await startService(store);
        await listAssets(service);
        const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
        const request = payment(alice, bob, 10n);
        const delivered: unknown[] = [];
        service.announcements.notes.add(bob, (note) => delivered.push(note));
        store.crashAt = crashAt;
        await expectError(() => service.submit(request, "key"), "outcome_unknown", { reason: `Error: ${crashAt}` });
        expect(delivered).to.deep.equal([]);
        await expectError(() => service.submit(request, "key"), "stopped");
        await store.close();
        await endLeases(database, url);

        const again = await startService(await openTestStore(this, url));
        expect(pointsOf(again, bob)).to.equal(crashAt === "after" ? 10n : 0n);
        const reply = await again.submit(request, "key");
        expect([pointsOf(again, alice), pointsOf(again, bob)]).to.deep.equal([90n, 10n]);
        const complete = (await again.signatures.completeState(reply.channelId!, reply.version!))!;
        expect(recoverSystem(SEPARATOR, hashState(complete.state), reply.state!)).to.equal(addressOf(SIGNER_KEY));
        expect(await again.audit.isConserved(POINTS)).to.equal(true);
      });
    }
  });
});
