import { expect } from "chai";

import { addressOf, keccakText, type Hex } from "../../../src/protocol";
import { onEachDatabase } from "../../helpers/databases";
import { answer, listen, refusal } from "../../helpers/http";
import { COIN, freshService, NOW, openHosted, person, POINTS, SYSTEM } from "../../helpers/service";

onEachDatabase("HTTP: accounts", () => {
  it("opens a self-custody account and shows it", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const { address } = person("alice");
    const alice = { address, system: SYSTEM, custody: "self", status: "open" };
    const body = { custody: "self", address, tokens: [POINTS, COIN] };
    expect(await post("/v1/accounts", { body })).to.deep.equal(answer(201, alice));
    expect(await get(`/v1/accounts/${address}`)).to.deep.equal(answer(200, alice));
    expect(await post("/v1/accounts", { body })).to.deep.equal(refusal("account_exists", { account: address }));
  });

  it("takes an address in either case", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const { address } = person("alice");
    const shouted = `0x${address.slice(2).toUpperCase()}`;
    const opened = await post("/v1/accounts", { body: { custody: "self", address: shouted, tokens: [POINTS] } });
    expect(opened).to.deep.equal(answer(201, { address, system: SYSTEM, custody: "self", status: "open" }));
    expect(await get(`/v1/accounts/${shouted}`)).to.deep.equal({ ...opened, status: 200 });
  });

  it("makes the key of a hosted account, which never leaves; a replay names the same account", async function () {
    const { service } = await freshService(this);
    const { post } = await listen(this, service);
    const open = () => post("/v1/accounts", { body: { custody: "hosted", tokens: [POINTS] }, key: "open" });
    const first = await open();
    const { address } = first.body as { address: Hex };
    expect(first).to.deep.equal(answer(201, { address, system: SYSTEM, custody: "hosted", status: "open" }));
    expect(await open()).to.deep.equal({ ...first, replayed: "true" });
    expect([...service.channels()]).to.have.length(1);
  });

  it("shows balances per token as decimal strings, with decimals and what is available", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const alice = await openHosted(service, "alice", 10n ** 27n);
    const order = { custody: "hosted", from: alice, token: POINTS, amount: "1", recipient: alice };
    await post("/v1/withdrawals", { body: { ...order, deadline: `${NOW + 500n}` } });
    const entry = (token: typeof POINTS, balance: string, available: string) => {
      const channelId = service.channelOf(alice, token)!.id;
      return { token, decimals: 18, channelId, status: "open", balance, locked: "0", available };
    };
    const points = entry(POINTS, `1${"0".repeat(27)}`, "9".repeat(27));
    expect(await get(`/v1/accounts/${alice}/balances`)).to.deep.equal(
      answer(200, { account: alice, balances: [points, entry(COIN, "0", "0")] }),
    );
  });

  it("refuses accounts and tokens that it does not know, and malformed ones", async function () {
    const { service } = await freshService(this);
    const { get, post } = await listen(this, service);
    const account = addressOf(keccakText("nobody"));
    for (const path of [`/v1/accounts/${account}`, `/v1/accounts/${account}/balances`]) {
      expect(await get(path)).to.deep.equal(refusal("unknown_account", { account }));
    }
    expect(await get("/v1/accounts/0x12")).to.deep.equal(refusal("invalid_hex", { field: "params/address" }));
    const open = (tokens: unknown) => post("/v1/accounts", { body: { custody: "hosted", tokens } });
    expect(await open([account])).to.deep.equal(refusal("unknown_asset", { system: SYSTEM, token: account }));
    expect(await open(["POINT"])).to.deep.equal(refusal("invalid_hex", { field: "body/tokens/0" }));
    const reason = "a token is named twice";
    expect(await open([POINTS, POINTS])).to.deep.equal(refusal("invalid_request", { field: "body/tokens", reason }));
    const few = "Too small: expected array to have >=1 items";
    const missing = { field: "body/tokens", reason: "missing" };
    expect(await open(undefined)).to.deep.equal(refusal("invalid_request", missing));
    expect(await open([])).to.deep.equal(refusal("invalid_request", { field: "body/tokens", reason: few }));
  });
});
