import { InMemorySpanExporter, type ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { expect } from "chai";

import { Tracing } from "../../src/service/telemetry/tracing";
import { openTestStore, SQLITE } from "../helpers/databases";
import { listen } from "../helpers/http";
import { listAssets, openHosted, POINTS, startService, SYSTEM } from "../helpers/service";

describe("Traces", () => {
  it("have a span per request and commit, with the commit's parts in it, and nothing of what was sent", async function () {
    const exported: ReadableSpan[] = [];
    const exporter = new InMemorySpanExporter();
    const keep = exporter.export.bind(exporter);
    exporter.export = (spans, done) => {
      exported.push(...spans);
      keep(spans, done);
    };
    const tracing = new Tracing(exporter);
    const store = await openTestStore(this, await SQLITE.fresh(this));
    const service = await startService(store, { observe: (report) => tracing.committed(report) });
    await listAssets(service);
    const alice = await openHosted(service, "alice");
    const { post } = await listen(this, service, { tracing });
    await post("/v1/issuances", { body: { account: alice, token: POINTS, amount: "3333" } });
    await post("/v1/issuances", { body: { account: SYSTEM, token: POINTS, amount: "1" } });
    await tracing.stop();

    const requests = exported.filter(({ name }) => name === "POST /v1/issuances");
    expect(requests.map(({ attributes }) => attributes["http.response.status_code"])).to.deep.equal([201, 404]);
    expect(requests[1]!.attributes["error.type"]).to.equal("unknown_account");
    const commits = exported.filter(({ name }) => name === "commit");
    const last = commits.at(-1)!;
    expect(last.attributes).to.deep.equal({ system: SYSTEM, commit: `${commits.length}`, requests: 1, leaves: 1 });
    const parts = exported.filter(({ parentSpanContext }) => parentSpanContext?.spanId === last.spanContext().spanId);
    expect(parts.map(({ name }) => name)).to.deep.equal(["lookup", "steps", "sign", "store"]);
    const shown = JSON.stringify(exported.map(({ name, attributes }) => [name, attributes]));
    for (const secret of [alice, "3333"]) expect(shown).not.to.include(secret);
  });
});
