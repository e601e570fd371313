import { expect } from "chai";
import { parse } from "csv-parse/sync";

import { keccakText } from "../../../src/protocol";
import { toCsv } from "../../../src/service/http/csv";
import { SQLITE } from "../../helpers/databases";
import { answer, listen, makeKey, OPERATOR_KEY, refusal } from "../../helpers/http";
import { freshService, issue, openHosted, POINTS, SYSTEM } from "../../helpers/service";

const ORDER = keccakText("order");
const DAY = "2026-01-31";
/** Each event a minute after the one before, from the day's beginning on. */
const ON_THAT_DAY = `UPDATE events SET time = ${Date.parse(DAY)} + (number - 3) * 60000`;
const minute = (n: number) => `${DAY}T00:0${n}:00.000Z`;

/** Alice was issued 100 and 5, and has paid bob 30 of it. */
async function history(context: Mocha.Context) {
  const { service, url } = await freshService(context);
  const api = await listen(context, service);
  const [alice, bob] = [await openHosted(service, "alice", 100n), await openHosted(service, "bob")];
  await service.submit({ type: "pay", from: alice, to: bob, token: POINTS, amount: 30n, reference: ORDER });
  await issue(service, alice, 5n);
  await SQLITE.execute(url, ON_THAT_DAY);
  const text = async (path: string) => {
    const response = await fetch(api.url + path, { headers: { authorization: `Bearer ${OPERATOR_KEY}` } });
    return [response.headers.get("content-type"), await response.text()] as const;
  };
  return { ...api, alice, bob, text };
}

const period = `token=${POINTS}&from=${minute(2)}&to=${minute(5)}`;

describe("HTTP: statements", () => {
  it("of an account: what it had, each entry, and what it has then, as JSON and CSV", async function () {
    const { get, text, alice, bob } = await history(this);
    const path = `/v1/accounts/${alice}/statements?${period}`;
    const paid = { number: "6", time: minute(3), type: "money.transferred", counterparty: bob, reference: ORDER };
    const got = { number: "7", time: minute(4), type: "money.issued", counterparty: "issued" };
    const lines = [
      { ...paid, debit: "30", credit: "0", balance: "70" },
      { ...got, reference: `0x${"0".repeat(64)}`, debit: "0", credit: "5", balance: "75" },
    ];
    const head = { account: alice, token: POINTS, decimals: 18, from: minute(2), to: minute(5) };
    expect(await get(path)).to.deep.equal(answer(200, { ...head, opening: "100", closing: "75", lines }));
    const [type, csv] = await text(`${path}&format=csv`);
    expect(type).to.equal("text/csv; charset=utf-8");
    expect(csv.split("\r\n")[0]).to.equal("number,time,type,counterparty,reference,debit,credit,balance");
    const none = { number: "", type: "", counterparty: "", reference: "", debit: "", credit: "" };
    expect(parse(csv, { columns: true })).to.deep.equal([
      { ...none, type: "opening", time: minute(2), balance: "100" },
      ...lines,
      { ...none, type: "closing", time: minute(5), balance: "75" },
    ]);
  });

  it("of an asset and a day: what was owed, what came and went, what is owed then and what backs it", async function () {
    const { get, text } = await history(this);
    const head = { system: SYSTEM, token: POINTS, decimals: 18, date: DAY };
    const flows = {
      issued: "105",
      deposited: "0",
      redeemed: "0",
      withdrawn: "0",
      settled: "0",
      fees: "0",
      restored: "0",
    };
    const made = { ...head, opening: "0", ...flows, closing: "105", limit: `1${"0".repeat(28)}` };
    expect(await get(`/v1/statements/${POINTS}?date=${DAY}`)).to.deep.equal(answer(200, made));
    const [, csv] = await text(`/v1/statements/${POINTS}?date=${DAY}&format=csv`);
    expect(parse(csv, { columns: true })).to.deep.equal([{ ...made, decimals: "18" }]);
    const after = (await get(`/v1/statements/${POINTS}?date=2026-02-01`)).body;
    expect(after).to.include({ opening: "105", issued: "0", closing: "105" });
  });

  it("refuse times that are none, and are their own account's to read", async function () {
    const { get, post, alice, bob } = await history(this);
    for (const time of ["yesterday", "2026-01-31", "1769817600", "2026-13-01T00:00:00Z"]) {
      const path = `/v1/accounts/${alice}/statements?token=${POINTS}&from=${time}&to=${minute(5)}`;
      expect(await get(path), time).to.deep.equal(refusal("invalid_time", { field: "querystring/from" }));
    }
    const date = refusal("invalid_time", { field: "querystring/date" });
    expect(await get(`/v1/statements/${POINTS}?date=31.1.2026`)).to.deep.equal(date);
    const operator = await makeKey({ post }, { scopes: ["statements:read"], restrictions: { accounts: [bob] } });
    expect((await get(`/v1/accounts/${bob}/statements?${period}`, { operator })).status).to.equal(200);
    for (const path of [`/v1/accounts/${alice}/statements?${period}`, `/v1/statements/${POINTS}?date=${DAY}`]) {
      expect(await get(path, { operator }), path).to.deep.equal(refusal("forbidden", { restriction: "accounts" }));
    }
  });
});

describe("toCsv", () => {
  it("quotes as RFC 4180 says, and lets no text pass for a formula", () => {
    const rows = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", 'a "b", c', "line\r\nbreak"].map((text) => ({
      text,
    }));
    const csv = toCsv(["text"], rows);
    const read = parse<{ text: string }>(csv, { columns: true });
    expect(read.map(({ text }) => text)).to.deep.equal([
      ...["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'\r=1"],
      ...['a "b", c', "line\r\nbreak"],
    ]);
    expect(csv.startsWith("text\r\n") && csv.endsWith("\r\n")).to.equal(true);
  });
});
