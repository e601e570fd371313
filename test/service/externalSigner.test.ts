import { expect } from "chai";

import { hashNote, recoverSystem } from "../../src/protocol";
import { externalKey } from "../../src/signer";
import { expectError } from "../helpers/errors";
import { listen, refusal } from "../helpers/http";
import {
  issue,
  listAssets,
  NOW,
  openHosted,
  person,
  POINTS,
  pointsOf,
  SEPARATOR,
  startService,
} from "../helpers/service";
import { openTestStore, SQLITE } from "../helpers/databases";
import { SignerProcess } from "../helpers/signerProcess";

const { key, address } = person("a key in hardware");

describe("AccountService with a key in another process", () => {
  async function served(context: Mocha.Context, settings: Record<string, string> = {}) {
    const signer = await new SignerProcess(context, key, settings).start();
    const store = await openTestStore(context, await SQLITE.fresh(context));
    const service = await startService(store, { signer: await externalKey(signer.reference, 600) });
    await listAssets(service);
    return { signer, store, service };
  }

  it("case 23: loses nothing and signs nothing while it is away, and carries out the same requests when it is back", async function () {
    const { signer, service } = await served(this);
    const { get, post } = await listen(this, service);
    const alice = await openHosted(service, "alice", 100n);
    const { id } = service.channelOf(alice, POINTS)!;
    const before = (await service.latestNote(id))!;
    expect(recoverSystem(SEPARATOR, hashNote(before.note), before.signed)).to.equal(address);

    await signer.kill();
    const orders = Array.from({ length: 3 }, (_, i) => ({
      key: `order-${i}`,
      body: { account: alice, token: POINTS, amount: "10" },
    }));
    const refused = await Promise.all(orders.map((order) => post("/v1/issuances", order)));
    const away = refusal("signer_unavailable", { signer: signer.reference, reason: "ECONNREFUSED" });
    expect(refused).to.deep.equal([away, away, away]);
    expect(await get("/readyz")).to.deep.equal(away);
    expect([pointsOf(service, alice), await service.latestNote(id)]).to.deep.equal([100n, before]);
    // What nobody signs for goes on.
    await openHosted(service, "bob");

    await signer.start();
    expect((await get("/readyz")).status).to.equal(200);
    const done = await Promise.all(orders.map((order) => post("/v1/issuances", order)));
    const again = await Promise.all(orders.map((order) => post("/v1/issuances", order)));
    expect([...done, ...again].map(({ status, replayed }) => [status, replayed])).to.deep.equal([
      ...Array<unknown>(3).fill([201, null]),
      ...Array<unknown>(3).fill([201, "true"]),
    ]);
    expect(pointsOf(service, alice)).to.equal(130n);
  });

  it("fails what the signer refuses alone, whatever shares a commit with it", async function () {
    const { service } = await served(this, { SIGNER_MOST: "50" });
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob", 100n)];
    const withdrawal = { type: "withdrawHosted", token: POINTS, recipient: alice, deadline: NOW + 100n } as const;
    const [large, small, other] = [
      service.submit({ ...withdrawal, from: alice, amount: 51n }),
      service.submit({ ...withdrawal, from: bob, amount: 50n }),
      issue(service, alice, 1n),
    ];
    await expectError(() => large, "signer_refused", { status: 403 });
    await Promise.all([small, other]);
    const pending = (account: typeof alice) => service.channelOf(account, POINTS)!.pending?.withdrawn;
    expect([pending(alice), pending(bob), pointsOf(service, alice)]).to.deep.equal([undefined, 50n, 101n]);
  });

  it("answers what waits when it is stopped while the key is away", async function () {
    const { signer, service } = await served(this);
    const alice = await openHosted(service, "alice", 1n);
    await signer.kill();
    const refused = expectError(() => issue(service, alice, 1n), "signer_unavailable");
    await service.stop();
    await refused;
  });
});
