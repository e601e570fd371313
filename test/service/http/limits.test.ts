import { once } from "node:events";
import { connect, type Socket } from "node:net";

import { expect } from "chai";

import { PROBLEM_TYPE } from "../../../src/wire";
import { logTo, type HttpSettings } from "../../../src/service/http";
import { apiAs, listen, makeKey, OPERATOR_KEY, refusal } from "../../helpers/http";
import { freshService, openHosted, person, POINTS } from "../../helpers/service";

describe("HTTP: limits", () => {
  async function setUp(context: Mocha.Context, settings: Partial<HttpSettings>) {
    const { service } = await freshService(context);
    return { service, ...(await listen(context, service, { settings })) };
  }

  const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  /** What is left after each of so many calls; null for one that was refused. */
  async function remaining(url: string, calls: number, init: RequestInit = {}): Promise<(string | null)[]> {
    const left: (string | null)[] = [];
    for (let i = 0; i < calls; i++) {
      const { status, headers } = await fetch(url, init);
      left.push(status === 429 ? null : headers.get("ratelimit-remaining"));
    }
    return left;
  }

  it("count what an address asks for without a name, or with a wrong one, and say when to come again", async function () {
    const { url, get } = await setUp(this, { rates: { perAddress: 4, perUser: 0, perKey: 0 } });
    expect(await remaining(`${url}/v1/assets`, 2)).to.deep.equal(["3", "2"]);
    expect(await remaining(`${url}/v1/nothing`, 1)).to.deep.equal(["1"]);
    expect(await remaining(`${url}/v1/api-keys`, 2, bearer("a guess"))).to.deep.equal(["0", null]);
    const refused = await fetch(`${url}/v1/assets`);
    const seconds = refused.headers.get("retry-after")!;
    expect(Number(seconds)).to.be.within(1, 60);
    expect(refused.headers.get("ratelimit-reset")).to.equal(seconds);
    expect(await refused.json()).to.deep.equal(refusal("rate_limited", { limit: "4", seconds }).body);
    for (let i = 0; i < 10; i++) expect((await get("/v1/api-keys")).status).to.equal(200);
  });

  it("count for a key with those that it made, and for each user", async function () {
    const api = await setUp(this, { rates: { perAddress: 0, perUser: 2, perKey: 3 } });
    const { service, url } = api;
    const scopes = ["keys:write", "keys:read"] as const;
    const mother = await makeKey(api, { scopes });
    const child = await makeKey(api, { scopes }, { operator: mother });
    expect(await remaining(`${url}/v1/api-keys`, 1, bearer(mother))).to.deep.equal(["1"]);
    expect(await remaining(`${url}/v1/api-keys`, 2, bearer(child))).to.deep.equal(["0", null]);
    expect(await remaining(`${url}/v1/api-keys`, 1, bearer(await makeKey(api, { scopes })))).to.deep.equal(["2"]);

    const { address } = person("alice");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    const { id } = service.channelOf(address, POINTS)!;
    const own = apiAs(url, "alice");
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => own.latestNote(id)));
    expect(outcomes.map(({ status }) => status)).to.have.members(["fulfilled", "fulfilled", "rejected"]);
  });

  it("believe no caller's word for its address, but a proxy's that is trusted", async function () {
    const rates = { perAddress: 1, perUser: 0, perKey: 0 };
    const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
    const alone = await setUp(this, { rates });
    expect(await remaining(`${alone.url}/v1/assets`, 1, from("192.0.2.1"))).to.deep.equal(["0"]);
    expect(await remaining(`${alone.url}/v1/assets`, 1, from("192.0.2.2"))).to.deep.equal([null]);
    const behind = await setUp(this, { rates, trustedProxies: ["127.0.0.0/8"] });
    expect(await remaining(`${behind.url}/v1/assets`, 1, from("192.0.2.1"))).to.deep.equal(["0"]);
    expect(await remaining(`${behind.url}/v1/assets`, 2, from("192.0.2.2"))).to.deep.equal(["0", null]);
    // What a caller claims stands before what the proxy adds.
    expect(await remaining(`${behind.url}/v1/assets`, 1, from("198.51.100.7, 192.0.2.2"))).to.deep.equal([null]);
  });

  it("refuse calls while the process runs late, but for whether it lives", async function () {
    const { get } = await setUp(this, { maxDelay: 5 });
    let refused: string | undefined;
    while (refused === undefined) {
      const answer = get("/v1/assets");
      const busyUntil = Date.now() + 100;
      while (Date.now() < busyUntil);
      const { status, body } = await answer;
      if (status === 503) refused = (body as { code: string }).code;
    }
    expect(refused).to.equal("overloaded");
    expect((await get("/healthz")).status).to.equal(200);
  });

  it("let no page of another origin in unless it is on the list, and none make a page of an answer", async function () {
    const shut = await setUp(this, {});
    const preflight = (url: string, origin: string) =>
      fetch(`${url}/v1/transfers`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
      });
    const allowed = async (url: string, origin: string) =>
      (await preflight(url, origin)).headers.get("access-control-allow-origin");
    const [home, elsewhere] = ["https://bank.example", "https://elsewhere.example"];
    expect(await allowed(shut.url, home)).to.equal(null);
    const open = await setUp(this, { allowedOrigins: [home] });
    expect(await allowed(open.url, home)).to.equal(home);
    expect(await allowed(open.url, elsewhere)).to.equal(null);
    const { headers } = await fetch(`${open.url}/v1/assets`, { headers: { origin: home } });
    expect(headers.get("access-control-expose-headers")).to.include("retry-after");
    expect(headers.get("access-control-allow-credentials")).to.equal(null);
    expect(headers.get("content-security-policy")).to.equal("default-src 'none';frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).to.equal("nosniff");
    expect(headers.get("strict-transport-security")).to.include("max-age=");
  });

  it("end connections whose requests have too large heads, are none, or do not come in", async function () {
    const [patient, hasty] = [await setUp(this, {}), await setUp(this, { requestTimeout: 200 })];
    const send = async (text: string, { url } = patient): Promise<[head: string, code: unknown]> => {
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      let answer = "";
      socket.on("data", (data) => (answer += data.toString()));
      socket.write(text);
      await once(socket, "close");
      const [head = "", body = ""] = answer.split("\r\n\r\n");
      expect(head).to.include(`Content-Type: ${PROBLEM_TYPE}`);
      return [head.split("\r\n")[0]!, (JSON.parse(body) as { code: string }).code];
    };
    const large = "x".repeat(2 ** 14);
    const status = "HTTP/1.1";
    const tooLarge = [`${status} 431 Request Header Fields Too Large`, "head_too_large"];
    expect(await send(`GET /v1/assets HTTP/1.1\r\nhost: here\r\nnote: ${large}\r\n\r\n`)).to.deep.equal(tooLarge);
    expect(await send(`GET /${large} HTTP/1.1\r\nhost: here\r\n\r\n`)).to.deep.equal(tooLarge);
    expect(await send("no request\r\n\r\n")).to.deep.equal([`${status} 400 Bad Request`, "invalid_request"]);
    const begun =
      "POST /v1/preimages HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{";
    expect(await send(begun, hasty)).to.deep.equal([`${status} 408 Request Timeout`, "too_slow"]);
  });

  it("end connections whose answers are not read", async function () {
    const { app, url } = await setUp(this, { requestTimeout: 200 });
    const held = once(app.server, "connection") as Promise<[Socket]>;
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.pause();
    socket.write("GET /openapi.json HTTP/1.1\r\nhost: here\r\n\r\n".repeat(100));
    await once((await held)[0], "close");
    socket.destroy();
  });

  it("case 33: write no secret into the log, whatever happens", async function () {
    const { service } = await freshService(this);
    let log = "";
    const logger = logTo({ write: (line) => (log += line) }, "trace");
    const api = await listen(this, service, { logger });
    const { app, get, post } = api;
    app.log.info({ authorization: `Bearer ${OPERATOR_KEY}`, req: { headers: { authorization: OPERATOR_KEY } } });
    const key = await makeKey(api, { scopes: ["accounts:read"] });
    const { address } = person("alice");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await apiAs(api.url, "alice").latestNote(service.channelOf(address, POINTS)!.id);
    const bob = await openHosted(service, "bob");
    const guess = "slk_0123_a-wrong-guess";
    for (const operator of [OPERATOR_KEY, key, guess]) {
      await get(`/v1/accounts/${bob}`, { operator });
      await post("/v1/issuances", { operator, body: "{ broken" });
    }
    const preimage = `0x${"42".repeat(32)}`;
    await post("/v1/preimages", { body: { preimage } });
    await service.stop();
    await post("/v1/issuances", { body: { account: bob, token: POINTS, amount: "1" } });
    expect(log).to.include("/v1/sign-in").and.to.include("/v1/accounts/:address");
    for (const secret of [OPERATOR_KEY, key.slice(-43), guess, preimage, "Bearer", "sls_"]) {
      expect(log, secret).not.to.include(secret);
    }
  });
});
