import { expect } from "chai";

import { Cluster } from "../../helpers/cluster";
import { onEachDatabase } from "../../helpers/databases";
import { startReceiver } from "../../helpers/receiver";
import { POINTS } from "../../helpers/service";

/** Events: one of the account, the others of money. */
const ALL = 120;
/** Milliseconds: however busy the machine, nobody loses a lead by it. */
const LONG = 60_000;
/** The delivery that its sender does not outlive. */
const LAST = 77;

onEachDatabase("Webhooks: a process that is killed", (database) => {
  it("case 23: between delivery and bookkeeping delivers again, loses nothing, and another goes on", async function () {
    const cluster = await Cluster.start(this, database, 1, LONG);
    const doomed = await cluster.join();
    const [leadership] = await cluster.share(1);
    const { system } = leadership!;
    const receiver = await startReceiver(this);
    const numbers = () => receiver.received.map(({ body }) => Number((JSON.parse(body) as { number: string }).number));
    receiver.answers((response) => {
      if (receiver.received.length === LAST) void doomed.leave("SIGKILL");
      else response.writeHead(204).end();
    });
    const opened = await doomed.post("/v1/accounts", { body: { custody: "hosted", tokens: [POINTS] } });
    const { address: account } = opened.body as { address: string };
    const { body: before } = await doomed.get(`/v1/events?system=${system}`);
    const first = Number((before as { last: string }).last) + 1;
    const made = await doomed.post("/v1/webhooks", { body: { url: receiver.url } });
    expect(made.status).to.equal(201);
    const issuances = Array.from({ length: ALL }, () =>
      doomed.once.post("/v1/issuances", { body: { account, token: POINTS, amount: "1" } }),
    );
    // Those that it did not answer may have happened, or not.
    await Promise.allSettled(issuances);
    await receiver.count(LAST);
    const sent = numbers();
    await cluster.expire(doomed);
    const survivor = await cluster.join();
    await cluster.share(1);
    const { body: after } = await survivor.get(`/v1/events?system=${system}&limit=1000`);
    const newest = Number((after as { last: string }).last);
    while (numbers().at(-1) !== newest) await receiver.count(receiver.received.length + 1);

    expect(sent).to.deep.equal(Array.from({ length: LAST }, (_, i) => first + i));
    const again = numbers().slice(LAST);
    const [begin] = again as [number];
    expect(begin).to.be.within(first, first + LAST - 1);
    expect(again).to.deep.equal(Array.from({ length: newest - begin + 1 }, (_, i) => begin + i));
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).to.equal(newest - first + 1);
  });
});
