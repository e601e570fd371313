import { expect } from "chai";

import {
  hashOfPreimage,
  keccakText,
  nextState,
  recoverSystem,
  emptyState,
  hashState,
  addressOf,
  ZERO_HASH,
} from "../../../src/protocol";
import type { AccountService } from "../../../src/service";
import { answer, listen, makeKey, refusal, type Answer } from "../../helpers/http";
import {
  COIN,
  freshService,
  issue,
  NOW,
  openHosted,
  person,
  POINTS,
  SEPARATOR,
  SIGNER_KEY,
  SYSTEM,
} from "../../helpers/service";

const ORDER = keccakText("order");
const DEADLINE = NOW + 500n;

interface PageBody {
  readonly data: readonly Record<string, unknown>[];
  readonly pageSize: number;
  readonly hasMore: boolean;
  readonly next: string | null;
  readonly previous: string | null;
}

const bodyOf = ({ status, body }: Answer): PageBody => {
  expect(status, JSON.stringify(body)).to.equal(200);
  return body as PageBody;
};

/** The service's API, with alice who has 100 points, and bob. */
async function open(context: Mocha.Context) {
  const { service, ...rest } = await freshService(context);
  const api = await listen(context, service);
  const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
  const pay = (amount: bigint) =>
    service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount, reference: ZERO_HASH });
  const list = async (path: string) => bodyOf(await api.get(path));
  return { service, ...rest, ...api, alice, bob, pay, list };
}

/** The time of an event, as it is written. */
async function timeOf(service: AccountService, number: bigint): Promise<string> {
  const [event] = await service.events({ after: number - 1n, limit: 1 });
  return new Date(event!.time).toISOString();
}

describe("HTTP: records", () => {
  it("a transfer is found by the id of its answer, with the signature that proves it", async function () {
    const { service, post, get, list, alice, bob } = await open(this);
    const order = { from: alice, to: bob, token: POINTS, amount: "30", reference: ORDER };
    const { id, systemSignature, commit } = (await post("/v1/transfers", { body: order })).body as {
      id: string;
      commit: string;
      systemSignature: { signature: never; proof: never[] };
    };
    const { id: channelId } = service.channelOf(alice, POINTS)!;
    const record = {
      id,
      commit,
      time: await timeOf(service, 6n),
      ...order,
      decimals: 18,
      channelId,
      version: "1",
      refunded: "0",
    };
    expect(await get(`/v1/transfers/${id}`)).to.deep.equal(answer(200, { ...record, systemSignature }));
    const state = nextState(emptyState(channelId), [
      { type: "fold", seq: 1n, credited: 100n },
      { type: "pay", to: bob, amount: 30n, reference: ORDER },
    ]);
    expect(recoverSystem(SEPARATOR, hashState(state), systemSignature)).to.equal(addressOf(SIGNER_KEY));
    expect(await list("/v1/transfers")).to.deep.equal({
      data: [record],
      pageSize: 50,
      hasMore: false,
      next: null,
      previous: null,
    });
  });

  it("issuances, redemptions and deposits are told whole, in lists and one by one", async function () {
    const { service, post, get, list, alice } = await open(this);
    const issued = await post("/v1/issuances", {
      body: { account: alice, token: POINTS, amount: "7", reference: ORDER },
    });
    const { id } = issued.body as { id: string };
    const { commit } = await service.submit({
      ...{ type: "pay", from: alice, to: null, token: POINTS, amount: 2n, reference: ORDER },
    });
    const { id: channelId } = service.channelOf(alice, COIN)!;
    const funds = { deposited: 9n, withdrawn: 0n, reclaimed: 0n, collateral: 9n };
    await service.submit({ type: "updateFunds", channelId, funds, finalTime: 1n });

    const common = { account: alice, decimals: 18 };
    const points = service.channelOf(alice, POINTS)!.id;
    const records = {
      "/v1/issuances": { amount: "7", token: POINTS, reference: ORDER },
      "/v1/redemptions": {
        amount: "2",
        token: POINTS,
        reference: ORDER,
        channelId: points,
        version: "1",
        refunded: "0",
      },
      "/v1/deposits": { amount: "9", token: COIN, channelId },
    };
    let number = 6n;
    for (const [path, own] of Object.entries(records)) {
      const [record] = (await list(path)).data;
      const told = { ...common, ...own, id: record!["id"], commit: `${commit - 7n + number}` };
      expect(record).to.deep.equal({ ...told, time: await timeOf(service, number) });
      expect(await get(`${path}/${String(record!["id"])}`)).to.deep.equal(answer(200, record));
      number += 1n;
    }
    expect((await list("/v1/issuances")).data[0]!["id"]).to.equal(id);
  });

  it("a withdrawal is signed, and then settled on chain or expired", async function () {
    const { service, post, get, list, alice } = await open(this);
    const { id: channelId, funds } = service.channelOf(alice, POINTS)!;
    const withdraw = async (amount: string) => {
      const terms = { custody: "hosted", from: alice, token: POINTS, amount, recipient: alice };
      const done = await post("/v1/withdrawals", { body: { ...terms, deadline: `${DEADLINE}` } });
      return done.body as { id: string; commit: string };
    };
    const first = await withdraw("5");
    const common = {
      account: alice,
      token: POINTS,
      decimals: 18,
      recipient: alice,
      channelId,
      deadline: `${DEADLINE}`,
    };
    const record = { ...first, ...common, amount: "5", time: await timeOf(service, 6n) };
    const nowhere = { transaction: null, confirmations: null, reason: null };
    const signed = {
      id: first.id,
      commit: first.commit,
      ...common,
      ...nowhere,
      amount: "5",
      fee: "0",
      time: record.time,
    };
    expect((await list("/v1/withdrawals")).data).to.deep.equal([{ ...signed, status: "signed", ended: null }]);

    await service.submit({ type: "updateFunds", channelId, funds: { ...funds, withdrawn: 5n }, finalTime: NOW });
    const settled = { ...signed, status: "settled", ended: await timeOf(service, 7n) };
    expect(await get(`/v1/withdrawals/${first.id}`)).to.deep.equal(answer(200, settled));

    const second = await withdraw("6");
    const after = { ...funds, withdrawn: 5n };
    await service.submit({ type: "updateFunds", channelId, funds: after, finalTime: DEADLINE + 1n });
    const { data } = await list(`/v1/withdrawals?account=${alice}&token=${POINTS}`);
    expect(data.map(({ id, status }) => [id, status])).to.deep.equal([
      [second.id, "expired"],
      [first.id, "settled"],
    ]);
    expect(await get(`/v1/withdrawals/${ORDER}`)).to.deep.equal(refusal("unknown_record", { id: ORDER }));
  });

  it("pages go on and back, and new records move none of them", async function () {
    const { list, pay } = await open(this);
    for (let amount = 1n; amount <= 7n; amount++) await pay(amount);
    const amounts = ({ data }: PageBody) => data.map(({ amount }) => amount);
    const follow = (cursor: string | null) => list(`/v1/transfers?pageSize=3&cursor=${cursor}`);
    const first = await list("/v1/transfers?pageSize=3");
    expect([amounts(first), first.hasMore, first.previous]).to.deep.equal([["7", "6", "5"], true, null]);
    for (let amount = 8n; amount <= 9n; amount++) await pay(amount);
    const second = await follow(first.next);
    expect([amounts(second), second.hasMore]).to.deep.equal([["4", "3", "2"], true]);
    const third = await follow(second.next);
    expect([amounts(third), third.hasMore, third.next]).to.deep.equal([["1"], false, null]);
    expect(amounts(await follow(third.previous))).to.deep.equal(amounts(second));
    const back = await follow(second.previous);
    expect([amounts(back), back.hasMore]).to.deep.equal([["7", "6", "5"], true]);
    expect(amounts(await follow(back.next))).to.deep.equal(amounts(second));
    const newest = await follow(back.previous);
    expect([amounts(newest), newest.previous]).to.deep.equal([["9", "8"], null]);
  });

  it("are filtered by account, on either side, and by token", async function () {
    const { service, list, pay, alice, bob } = await open(this);
    const carol = await openHosted(service, "carol", 5n);
    await pay(1n);
    await service.submit({ type: "pay", from: carol, to: bob, token: POINTS, amount: 2n, reference: ZERO_HASH });
    const amounts = async (query: string) => (await list(`/v1/transfers?${query}`)).data.map(({ amount }) => amount);
    expect(await amounts(`account=${alice}`)).to.deep.equal(["1"]);
    expect(await amounts(`account=${bob}`)).to.deep.equal(["2", "1"]);
    expect(await amounts(`account=${carol}&token=${POINTS}`)).to.deep.equal(["2"]);
    expect(await amounts(`account=${carol}&token=${COIN}`)).to.deep.equal([]);
    expect(await amounts(`system=${SYSTEM}&pageSize=1`)).to.deep.equal(["2"]);
  });

  it("accounts are listed newest first, and an account's channels with what is in them", async function () {
    const { service, list, alice, bob } = await open(this);
    expect((await list("/v1/accounts?pageSize=1")).data).to.deep.equal([
      { address: bob, system: SYSTEM, custody: "hosted", status: "open" },
    ]);
    expect((await list("/v1/accounts")).data.map(({ address }) => address)).to.deep.equal([bob, alice]);
    const { id } = service.channelOf(alice, POINTS)!;
    const points = {
      id,
      key: { system: SYSTEM, user: alice, token: POINTS, epoch: "0" },
      decimals: 18,
      status: "open",
      funds: { deposited: "0", withdrawn: "0", reclaimed: "0", collateral: "0" },
      balance: "100",
      available: "100",
      version: "0",
      seq: "1",
    };
    const coin = service.channelOf(alice, COIN)!.id;
    expect((await list(`/v1/channels?account=${alice}&token=${POINTS}`)).data).to.deep.equal([points]);
    const first = await list(`/v1/channels?account=${alice}&pageSize=1`);
    expect([first.data, first.hasMore]).to.deep.equal([[points], true]);
    const second = await list(`/v1/channels?account=${alice}&pageSize=1&cursor=${first.next}`);
    expect([second.data.map((channel) => channel["id"]), second.hasMore]).to.deep.equal([[coin], false]);
    const back = await list(`/v1/channels?account=${alice}&pageSize=1&cursor=${second.previous}`);
    expect([back.data, back.previous]).to.deep.equal([[points], null]);
  });

  it("refuse ids, cursors, sizes and accounts that are none", async function () {
    const { get } = await open(this);
    const nobody = person("nobody").address;
    const field = "querystring/cursor";
    for (const cursor of ["x", "b24gPT0", Buffer.from("on ../../etc").toString("base64url")]) {
      expect(await get(`/v1/transfers?cursor=${cursor}`)).to.deep.equal(
        refusal("invalid_request", { field, reason: "not of a page" }),
      );
    }
    for (const size of ["0", "201", "-1", "x", "1.5"]) {
      const refused = refusal("out_of_range", {
        field: "querystring/pageSize",
        ...(size === "201" && { most: "200" }),
      });
      expect(await get(`/v1/transfers?pageSize=${size}`), size).to.deep.equal(refused);
    }
    expect(await get(`/v1/transfers?account=${nobody}`)).to.deep.equal(refusal("unknown_account", { account: nobody }));
    expect(await get(`/v1/channels?account=${nobody}`)).to.deep.equal(refusal("unknown_account", { account: nobody }));
    const id = `${SYSTEM.slice(2)}63`;
    expect(await get(`/v1/transfers/${id}`)).to.deep.equal(refusal("unknown_record", { number: "99" }));
    expect(await get("/v1/transfers/7")).to.deep.equal(refusal("invalid_hex", { field: "params/id" }));
    const stranger = `${nobody.slice(2)}1`;
    expect(await get(`/v1/transfers/${stranger}`)).to.deep.equal(refusal("unknown_system", { system: nobody }));
    expect((await get("/v1/transfers?colour=red")).status).to.equal(400);
  });

  it("case 33: a key confined to an account reads what that account has part in, and nothing else", async function () {
    const { service, get, post, pay, alice, bob } = await open(this);
    const carol = await openHosted(service, "carol", 5n);
    await pay(3n);
    const restrictions = { accounts: [bob] };
    const key = await makeKey({ post }, { scopes: ["money:read", "events:read"], restrictions });
    const read = (path: string) => get(path, { operator: key });
    const idOf = (number: bigint) => `${SYSTEM.slice(2)}${number.toString(16)}`;
    const mine = bodyOf(await read(`/v1/transfers?account=${bob}`));
    expect(mine.data.map(({ from, amount }) => [from, amount])).to.deep.equal([[alice, "3"]]);
    expect((await read(`/v1/transfers/${String(mine.data[0]!["id"])}`)).status).to.equal(200);
    const forbidden = refusal("forbidden", { restriction: "accounts" });
    for (const path of [
      "/v1/transfers",
      `/v1/transfers?account=${carol}`,
      "/v1/events",
      `/v1/events?account=${alice}`,
    ]) {
      expect(await read(path), path).to.deep.equal(forbidden);
    }
    // Alice's money, then carol's.
    for (const number of [4n, 7n]) expect(await read(`/v1/issuances/${idOf(number)}`)).to.deep.equal(forbidden);
    const lacking = await makeKey({ post }, { scopes: ["events:read"], restrictions });
    const scope = refusal("forbidden", { scope: "money:read" });
    for (const path of [`/v1/transfers?account=${bob}`, `/v1/transfers/${idOf(8n)}`, `/v1/withdrawals/${ORDER}`]) {
      expect(await get(path, { operator: lacking }), path).to.deep.equal(scope);
    }
  });

  it("are not read by whoever does not say who it is", async function () {
    const { get } = await open(this);
    const paths = [
      "accounts",
      "channels",
      "transfers",
      "issuances",
      "redemptions",
      "deposits",
      "withdrawals",
      "events",
    ];
    for (const path of paths) {
      expect(await get(`/v1/${path}`, { operator: null }), path).to.deep.equal(refusal("unauthorized"));
    }
  });
});

describe("HTTP: events", () => {
  it("case 32: a reader that comes back reads all it missed, from any number on, in steps of any size", async function () {
    const { service, get, pay } = await open(this);
    const read = async (after: bigint, limit: number) => {
      const { body } = await get(`/v1/events?after=${after}&limit=${limit}`);
      return body as { data: { number: string; type: string }[]; last: string; hasMore: boolean };
    };
    const first = await read(0n, 3);
    expect([first.data.map(({ type }) => type), first.last, first.hasMore]).to.deep.equal([
      ["asset.added", "asset.added", "account.opened"],
      "3",
      true,
    ]);
    for (let amount = 1n; amount <= 5n; amount++) await pay(amount);
    const rest = await read(BigInt(first.last), 1000);
    expect(rest.data.map(({ number }) => number)).to.deep.equal(["4", "5", "6", "7", "8", "9", "10"]);
    expect([rest.last, rest.hasMore]).to.deep.equal(["10", false]);
    expect(await read(10n, 5)).to.deep.equal({ data: [], last: "10", hasMore: false });
    await issue(service, person("bob").address, 1n);
    expect((await read(10n, 5)).data.map(({ type }) => type)).to.deep.equal(["money.issued"]);
  });

  it("are told whole, of one account, token or type if asked", async function () {
    const { service, get, alice, bob } = await open(this);
    const preimage = keccakText("preimage");
    const terms = { hash: hashOfPreimage(preimage), amount: 5n, token: POINTS, expiry: NOW + 300n, account: bob };
    const signed = service.signInvoice({ ...terms, memo: ZERO_HASH });
    await service.submit({ type: "payInvoice", from: alice, signed, fee: 1n });
    const { commit } = await service.submit({ type: "reveal", preimage });
    const { body } = await get(`/v1/events?account=${alice}&type=payment.settled,fee.charged&limit=1`);
    const { data } = body as { data: unknown[] };
    expect(data).to.deep.equal([
      {
        system: SYSTEM,
        number: "7",
        commit: commit.toString(),
        time: await timeOf(service, 7n),
        type: "payment.settled",
        account: "locked",
        counterparty: bob,
        party: alice,
        token: POINTS,
        amount: "5",
        reference: terms.hash,
        data: { preimage },
      },
    ]);
    const coin = (await get(`/v1/events?token=${COIN}`)).body as { data: { type: string; data: unknown }[] };
    expect(coin.data.map(({ type }) => type)).to.deep.equal(["asset.added"]);
    expect(await get("/v1/events?type=money.vanished")).to.have.property("status", 400);
    expect(await get("/v1/events?limit=1001")).to.deep.equal(
      refusal("out_of_range", { field: "querystring/limit", most: "1000" }),
    );
  });
});
