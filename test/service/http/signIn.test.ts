import { expect } from "chai";

import { sign, signInMessage, textDigest, type SignIn } from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import { onEachDatabase } from "../../helpers/databases";
import { answer, apiAs, listen, refusal, type Answer } from "../../helpers/http";
import { COIN, DOMAIN, freshService, issue, openHosted, person, POINTS } from "../../helpers/service";

const MINUTE = 60_000;
const START = Date.UTC(2030, 0, 1);
const NOBODY = { operator: null };
const alice = person("alice");

interface Session {
  readonly token: string;
}

onEachDatabase("HTTP: signing in", (database) => {
  async function setUp(context: Mocha.Context) {
    const { service } = await freshService(context, undefined, database);
    await service.submit({ type: "openAccount", address: alice.address, tokens: [POINTS] });
    const clock = { time: START };
    const api = await listen(context, service, { now: () => clock.time });
    return { service, clock, ...api };
  }
  type Api = Awaited<ReturnType<typeof setUp>>;

  const as = (token: string) => ({ operator: token });
  const channelOf = (service: AccountService, account = alice.address, token = POINTS) =>
    `/v1/channels/${service.channelOf(account, token)!.id}`;

  /** What alice signs, but for what is changed. */
  async function messageOf({ url, post }: Api, changed: Partial<SignIn> = {}): Promise<string> {
    const { nonce } = (await post("/v1/sign-in/nonce", { ...NOBODY, body: {} })).body as { nonce: string };
    const { host: domain, href: uri } = new URL(url);
    const terms = { domain, uri, account: alice.address, chainId: DOMAIN.chainId, nonce, issuedAt: new Date(START) };
    return signInMessage({ ...terms, ...changed });
  }

  function send({ post }: Api, message: string, key = alice.key): Promise<Answer> {
    return post("/v1/sign-in", { ...NOBODY, body: { message, signature: sign(textDigest(message), key) } });
  }

  async function signIn(api: Api): Promise<string> {
    return ((await send(api, await messageOf(api))).body as Session).token;
  }

  it("gives a session that reads what is the user's own, and nothing else", async function () {
    const api = await setUp(this);
    const { service, get, post } = api;
    const bob = await openHosted(service, "bob", 5n);
    const done = await send(api, await messageOf(api));
    const { token } = done.body as Session;
    const expires = new Date(START + 60 * MINUTE).toISOString();
    expect(done).to.deep.equal(answer(201, { account: alice.address, token, expires }));

    for (const path of [
      `/v1/accounts/${alice.address}`,
      `/v1/accounts/${alice.address}/balances`,
      channelOf(service),
    ]) {
      expect((await get(path, as(token))).status, path).to.equal(200);
      expect(await get(path, NOBODY), path).to.deep.equal(refusal("unauthorized"));
    }
    const foreign = [`/v1/accounts/${bob}`, `/v1/accounts/${bob}/balances`, channelOf(service, bob, COIN)];
    // Whether there is such a channel or account stays unknown too.
    for (const path of [...foreign, `/v1/channels/0x${"12".repeat(32)}`, `/v1/accounts/${person("nobody").address}`]) {
      expect(await get(path, as(token)), path).to.deep.equal(refusal("forbidden", { restriction: "accounts" }));
    }
    const theft = { from: bob, to: alice.address, token: POINTS, amount: "5" };
    const refused = refusal("forbidden", { scope: "money:write" });
    expect(await post("/v1/transfers", { ...as(token), body: theft })).to.deep.equal(refused);
    expect(await post("/v1/issuances", { ...as(token), body: "not JSON" })).to.deep.equal(refused);
    const hosted = { custody: "hosted", from: bob, token: POINTS, amount: "5", recipient: bob, deadline: "9" };
    expect(await post("/v1/withdrawals", { ...as(token), body: hosted })).to.deep.equal(refused);
  });

  it("refuses a message for elsewhere, another chain, by another key, too late, or that is none", async function () {
    const api = await setUp(this);
    const elsewhere = "elsewhere.example";
    const uri = `https://${elsewhere}/`;
    for (const [field, got, changed] of [
      ["domain", elsewhere, { domain: elsewhere, uri }],
      ["uri", uri, { uri }],
      ["chainId", "1", { chainId: 1n }],
      ["nonce", "00".repeat(30), { nonce: "00".repeat(30) }],
      ["nonce", "12345678", { nonce: "12345678" }],
    ] as const) {
      const refused = refusal("invalid_sign_in", { field, got });
      expect(await send(api, await messageOf(api, changed)), field).to.deep.equal(refused);
    }
    const message = await messageOf(api);
    for (const broken of ["", `${message}\nand more`, message.replace(" account:", ""), message.replace("0x", "0X")]) {
      expect(await send(api, broken), broken).to.deep.equal(refusal("invalid_sign_in", { field: "message" }));
    }
    const past = new Date(START).toISOString();
    const over = `${message}\nExpiration Time: ${past}`;
    expect(await send(api, over)).to.deep.equal(refusal("invalid_sign_in", { field: "expirationTime", got: past }));
    const future = new Date(START + 1).toISOString();
    const early = `${message}\nNot Before: ${future}`;
    expect(await send(api, early)).to.deep.equal(refusal("invalid_sign_in", { field: "notBefore", got: future }));
    const mallory = person("mallory");
    expect(await send(api, message, mallory.key)).to.deep.equal(
      refusal("wrong_signer", { got: mallory.address, want: alice.address }),
    );
    const stranger = await messageOf(api, { account: mallory.address });
    expect(await send(api, stranger, mallory.key)).to.deep.equal(
      refusal("unknown_account", { account: mallory.address }),
    );
    expect((await send(api, message)).status).to.equal(201);
  });

  it("takes a nonce once, whoever comes first, and for five minutes", async function () {
    const api = await setUp(this);
    const message = await messageOf(api);
    const nonce = /^Nonce: (.+)$/m.exec(message)![1]!;
    const refused = refusal("invalid_sign_in", { field: "nonce", got: nonce });
    const both = await Promise.all([send(api, message), send(api, message)]);
    expect(both.map(({ status }) => status)).to.have.members([201, 400]);
    const { token } = both.find(({ status }) => status === 201)!.body as Session;
    await api.post("/v1/sign-out", { ...as(token), body: {} });
    expect(await send(api, message)).to.deep.equal(refused);

    const late = await messageOf(api);
    api.clock.time += 5 * MINUTE;
    expect((await send(api, late)).body).to.include({ code: "invalid_sign_in" });
  });

  it("case 33: a session ends by itself, and when the user signs out, in every process", async function () {
    const api = await setUp(this);
    const { service, clock, get, post } = api;
    const [first, second] = [await signIn(api), await signIn(api)];
    const other = await listen(this, service, { now: () => clock.time });
    expect((await other.get(channelOf(service), as(first))).status).to.equal(200);
    expect(await post("/v1/sign-out", { ...as(first), body: {} })).to.deep.equal(
      answer(201, { account: alice.address }),
    );
    expect(await post("/v1/sign-out", { body: {} })).to.deep.equal(refusal("unauthorized"));
    for (const { get } of [api, other]) {
      expect(await get(channelOf(service), as(first))).to.deep.equal(refusal("unauthorized"));
    }
    clock.time += 60 * MINUTE - 1;
    expect((await get(channelOf(service), as(second))).status).to.equal(200);
    clock.time += 1;
    expect(await get(channelOf(service), as(second))).to.deep.equal(refusal("unauthorized"));
    const forged = second.replace(/.{43}$/, "A".repeat(43));
    expect(await get(channelOf(service), as(forged))).to.deep.equal(refusal("unauthorized"));
  });

  it("is done by the SDK when it is needed, once for all calls, and again when the session is over", async function () {
    const { service, clock, url, app } = await setUp(this);
    await issue(service, alice.address, 5n);
    let signedIn = 0;
    app.server.on("request", ({ url: path }: { url: string }) => (signedIn += Number(path === "/v1/sign-in")));
    const own = apiAs(url, "alice");
    const { id } = service.channelOf(alice.address, POINTS)!;
    const read = () => Promise.all([1, 2, 3].map(() => own.latestNote(id)));
    expect((await read()).map((held) => held?.note.credited)).to.deep.equal([5n, 5n, 5n]);
    clock.time += 60 * MINUTE;
    expect((await read()).map((held) => held?.note.credited)).to.deep.equal([5n, 5n, 5n]);
    expect(signedIn).to.equal(2);
  });
});
