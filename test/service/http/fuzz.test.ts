import { Agent } from "node:http";
import { connect } from "node:net";

import { expect } from "chai";
import fc from "fast-check";

import { keccakText, sign, ZERO_HASH } from "../../../src/protocol";
import { afterTest } from "../../helpers/afterTest";
import { digestOfWrites, onEachDatabase } from "../../helpers/databases";
import { callsOf, send } from "../../helpers/fuzz/calls";
import { faultOf, operationsOf, type Operation } from "../../helpers/fuzz/document";
import { listen, OPERATOR_KEY } from "../../helpers/http";
import { freshService, NOW, openHosted, person, POINTS, COIN, SYSTEM } from "../../helpers/service";

/** Calls per operation on SQLite; comparing what PostgreSQL holds takes longer. */
const RUNS = Number(process.env["STARLEDGER_FUZZ_RUNS"] ?? 20);
const RUNS_ON = { SQLite: RUNS, PostgreSQL: Math.ceil(RUNS / 4) };
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const WORDS = 2_000;

/** An API with accounts on it, what its document says, and what its calls may name. */
async function world(context: Mocha.Context) {
  const { url: store, service } = await freshService(context);
  const { app, url } = await listen(context, service);
  const agent = new Agent({ keepAlive: true });
  afterTest(context, () => agent.destroy());
  const carol = person("carol");
  await service.submit({ type: "openAccount", address: carol.address, tokens: [POINTS] });
  const accounts = [await openHosted(service, "alice", 1_000n), await openHosted(service, "bob"), carol.address];
  const words = [
    ...accounts,
    ...[SYSTEM, POINTS, COIN, ZERO_HASH, keccakText("preimage"), sign(ZERO_HASH, carol.key)],
    ...[...service.channels()].map(({ id }) => id),
    ...["0", "1", "2", "30", `${NOW + 500n}`, "https://127.0.0.1:1/hooks"],
  ];
  /** What an answer names may be named by later calls. */
  const learn = (value: unknown): void => {
    if (typeof value === "string" && words.length < WORDS) words.push(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(learn);
  };
  const operations = operationsOf(app.swagger());
  return { app, url, store, agent, words, learn, operations, digest: await digestOfWrites(context, store) };
}

onEachDatabase("HTTP: whatever is sent", (database) => {
  it("is answered as documented, and changes nothing if it is refused", async function () {
    this.timeout(300_000 + 1_000 * RUNS);
    const { url, store, agent, words, learn, operations, digest } = await world(this);
    let before = await digest();
    const carriedOut = new Set<Operation>();
    for (const operation of operations) {
      const name = `${operation.method} ${operation.path}`;
      await fc.assert(
        fc.asyncProperty(
          callsOf(operation, () => words),
          async (call) => {
            const answer = await send(url, call, agent);
            expect(faultOf(operation, answer), `${name}: ${answer.body}`).to.equal(null);
            const after = await digest();
            if (answer.status >= 400 || call.method === "GET") expect(after, name).to.equal(before);
            before = after;
            if (answer.status >= 400) return;
            carriedOut.add(operation);
            if (answer.type.startsWith("application/json")) learn(JSON.parse(answer.body));
          },
        ),
        { numRuns: RUNS_ON[database.name], endOnFailure: true },
      );
    }
    expect(carriedOut.size).to.be.greaterThan(operations.length / 5);
    // No write went by unseen.
    expect(await digest()).to.equal(await database.digest(store));
  });

  it("by a method that a path does not have is refused", async function () {
    const { url, agent, operations, digest } = await world(this);
    const before = await digest();
    const problems = { responses: { default: operations[0]!.responses["default"]! } };
    for (const path of new Set(operations.map((operation) => operation.path))) {
      // A path can be what another has a parameter for.
      const known = operations.filter((one) => matches(one.path, path)).map(({ method }) => method);
      const others = METHODS.filter(
        (method) => !known.includes(method) && !(method === "HEAD" && known.includes("GET")),
      );
      for (const method of others) {
        const headers = { authorization: `Bearer ${OPERATOR_KEY}`, "content-type": "application/json" };
        const body = method === "HEAD" ? undefined : Buffer.from("{}");
        const answer = await send(url, { method, path: path.replace(/\{\w+\}/g, "x"), headers, body }, agent);
        expect(answer.status, `${method} ${path}`).to.be.oneOf([404, 405]);
        if (method !== "HEAD") expect(faultOf(problems, answer), `${method} ${path}`).to.equal(null);
      }
    }
    expect(await digest()).to.equal(before);
  });

  it("is refused with a problem even if it is no HTTP", async function () {
    const { url, operations } = await world(this);
    const problems = { responses: { default: operations[0]!.responses["default"]! } };
    const { hostname, port } = new URL(url);
    const wrong = [
      "nonsense\r\n\r\n",
      "GET /healthz HTTP/9.9\r\n\r\n",
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(100_000)}\r\n\r\n`,
      "POST /v1/transfers HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
      "POST /v1/transfers HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    for (const text of wrong) {
      const received = await new Promise<string>((resolve, reject) => {
        let all = "";
        const socket = connect(Number(port), hostname, () => socket.write(text));
        socket.on("data", (chunk) => (all += chunk.toString()));
        socket.on("close", () => resolve(all));
        socket.on("error", reject);
      });
      const [head = "", body = ""] = received.split("\r\n\r\n");
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
      const type = /^content-type: (.*)$/im.exec(head)?.[1] ?? "";
      expect(status, text.slice(0, 60)).to.be.within(400, 499);
      expect(faultOf(problems, { status, type, body }), text.slice(0, 60)).to.equal(null);
    }
  });
});

/** Whether a path is one that a template stands for. */
function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(path);
}
