import { Writable } from "node:stream";

import { expect } from "chai";

import { Metrics } from "../../../src/service/telemetry/metrics";
import { listen, OPERATOR_KEY } from "../../helpers/http";
import { onEachDatabase, openTestStore } from "../../helpers/databases";
import { freshService, listAssets, openHosted, person, POINTS, startService, SYSTEM } from "../../helpers/service";

/** The samples of an exposition, by name and labels. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${OPERATOR_KEY}` } });
  expect(response.headers.get("content-type")).to.equal("text/plain; version=0.0.4; charset=utf-8");
  return samplesOf(await response.text());
}

onEachDatabase("HTTP: metrics", (database) => {
  it("count what was asked, refused and committed, and show what each system is like", async function () {
    const metrics = new Metrics();
    const store = await openTestStore(this, await database.fresh(this));
    const service = await startService(store, { observe: metrics.committed });
    await listAssets(service, 1_000n);
    const { url, post, get } = await listen(this, service, { metrics });
    const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
    const body = { from: alice, to: bob, token: POINTS, amount: "30" };
    await Promise.all([1, 2, 3].map(() => post("/v1/transfers", { body })));
    await post("/v1/transfers", { body });
    await get(`/v1/accounts/${alice}`);
    await get("/nowhere");

    const samples = await scrape(url);
    const seen = (name: string, labels = "") => samples.get(`${name}{system="${SYSTEM}"${labels}}`);
    const answered = (labels: string) => samples.get(`starledger_http_request_duration_seconds_count{${labels}}`);
    expect({
      transfers: answered('method="POST",route="/v1/transfers",status="201"'),
      refused: answered('method="POST",route="/v1/transfers",status="422"'),
      read: answered('method="GET",route="/v1/accounts/:address",status="200"'),
      nowhere: answered('method="GET",route="none",status="404"'),
      codes: ["insufficient_balance", "unknown_route"].map((code) =>
        samples.get(`starledger_refusals_total{code="${code}"}`),
      ),
      paid: seen("starledger_operations_total", ',operation="pay"'),
      commits: seen("starledger_commit_requests_count"),
      requests: seen("starledger_commit_requests_sum"),
      leaves: seen("starledger_commit_leaves_sum"),
      stored: seen("starledger_commit_duration_seconds_count", ',part="store"'),
      lastCommit: seen("starledger_last_commit"),
      leads: seen("starledger_lease_held"),
      accounts: seen("starledger_accounts"),
      waiting: seen("starledger_queue_requests"),
      resynchronising: seen("starledger_resynchronising_channels"),
      liabilities: seen("starledger_liabilities_base_units", `,token="${POINTS}"`),
      limit: seen("starledger_liabilities_limit_base_units", `,token="${POINTS}"`),
    }).to.deep.equal({
      transfers: 3,
      refused: 1,
      read: 1,
      nowhere: 1,
      codes: [1, 1],
      paid: 3,
      commits: service.counters.commits + 1,
      requests: 8,
      leaves: 7,
      stored: service.counters.commits + 1,
      lastCommit: Number(service.status.lastCommit),
      leads: 1,
      accounts: 2,
      waiting: 0,
      resynchronising: 0,
      liabilities: 100,
      limit: 1_000,
    });
    await service.stop();
    expect((await scrape(url)).get(`starledger_lease_held{system="${SYSTEM}"}`)).to.equal(0);
  });

  it("the status says how far each system has come", async function () {
    const { service } = await freshService(this);
    const { get } = await listen(this, service);
    await openHosted(service, "alice", 5n);
    const { body } = await get("/v1/status");
    const { uptimeSeconds } = body as { uptimeSeconds: number };
    const system = {
      address: SYSTEM,
      leads: true,
      leader: null,
      term: "1",
      lastCommit: "4",
      accounts: 1,
      waiting: 0,
      queueLimit: 100_000,
      resynchronising: 0,
      chain: null,
    };
    expect(uptimeSeconds).to.be.at.least(0);
    expect(body).to.deep.equal({ uptimeSeconds, systems: [system] });
  });

  it("case 33: the log has a line per request, and nothing of what was sent", async function () {
    const { service } = await freshService(this);
    const alice = await openHosted(service, "alice", 5n);
    const bob = person("bob").address;
    let log = "";
    const stream = new Writable({
      write: (chunk: Buffer, _, done) => {
        log += chunk.toString();
        done();
      },
    });
    const logger = { level: "info", stream };
    const { app } = await listen(this, service, { logger });
    const headers = { authorization: `Bearer ${OPERATOR_KEY}`, "idempotency-key": "secret-1" };
    await app.inject({ method: "GET", url: `/v1/accounts/${alice}?secret-2=1`, headers });
    const payload = { from: alice, to: bob, token: POINTS, amount: "98765432101234567" };
    await app.inject({ method: "POST", url: "/v1/transfers", headers, payload });

    const lines = log
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ msg }) => msg === "answered");
    expect(requests.map(({ method, route, status, refusal }) => ({ method, route, status, refusal }))).to.deep.equal([
      { method: "GET", route: "/v1/accounts/:address", status: 200, refusal: undefined },
      { method: "POST", route: "/v1/transfers", status: 422, refusal: "insufficient_balance" },
    ]);
    for (const line of requests) {
      expect(Object.keys(line)).to.include.members(["time", "request", "milliseconds"]);
      expect(line["milliseconds"]).to.be.greaterThan(0);
    }
    expect(new Set(requests.map(({ request }) => request)).size).to.equal(2);
    for (const secret of [OPERATOR_KEY, "secret-1", "secret-2", alice, "98765432101234567"])
      expect(log).not.to.include(secret);
  });
});
