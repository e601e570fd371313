import { existsSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import {
  addressOf,
  channelId,
  hashOfPreimage,
  keccakText,
  type Address,
  type Hash,
  type Hex,
} from "../../src/protocol";
import { StarledgerError } from "../../src/errors";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { done, starledger, stopped } from "./helpers/cli";
import { operatorOf, WHOLE, type Operator } from "./helpers/operator";
import { serve, type Serving } from "./helpers/service";

const KEY = keccakText("a customer of the command line") as Hex;
const OWN = addressOf(KEY);

describe("CLI: what operators and owners do, against a service and a chain of their own processes", () => {
  let serving: Serving;
  let operator: Operator;
  let token: Address;

  before(async () => {
    serving = await serve();
    operator = operatorOf(serving);
    ({ token } = operator);
  });

  after(async () => {
    expect(await serving.stop()).to.equal(0);
  });

  it("account list, freeze, unfreeze, close: change what an account may do", async () => {
    const [alice, bob] = [await operator.hosted(5n), await operator.hosted()];
    expect(await operator.run("account", "freeze", alice)).to.deep.equal(done(`Account  ${alice}\nStatus   frozen\n`));
    expect((await operator.run("pay", alice, bob, "1")).stderr).to.match(/^account_frozen: /);
    expect(await operator.run("account", "unfreeze", alice)).to.deep.equal(done(`Account  ${alice}\nStatus   open\n`));
    expect((await operator.run("pay", alice, bob, "5")).code).to.equal(0);
    expect((await operator.run("account", "close", bob)).stderr).to.match(/^account_not_empty: /);
    expect(await operator.run("account", "close", alice)).to.deep.equal(done(`Account  ${alice}\nStatus   closed\n`));
    const system = serving.systems[0].address;
    const { accounts } = await operator.json<{ accounts: object[] }>("account", "list", "--most", "2");
    expect(accounts).to.deep.equal([
      { address: bob, system, custody: "hosted", status: "open" },
      { address: alice, system, custody: "hosted", status: "closed" },
    ]);
    const table = await operator.run("account", "list", "--most", "1");
    expect(table.stdout.split("\n")[1]).to.equal(`${bob}  ${system}  hosted   open`);
  });

  it("asset pause, resume: stop and go on crediting", async () => {
    const alice = await operator.hosted();
    expect(await operator.run("asset", "pause")).to.deep.equal(
      done(`Token      ${token}\nCrediting  paused: operator\n`),
    );
    expect((await operator.run("issue", alice, "1")).stderr).to.match(/^crediting_paused: /);
    expect(await operator.run("asset", "resume")).to.deep.equal(done(`Token      ${token}\nCrediting  open\n`));
  });

  it("invoice create, show, pay, cancel: a payment with a proof", async () => {
    const [shop, alice] = [await operator.hosted(), await operator.hosted(10n)];
    const invoice = await operator.json<{ hash: string; text: string; status: string }>(
      "invoice",
      "create",
      shop,
      "2.5",
    );
    expect(invoice).to.include({ status: "open", account: shop, amount: `${(5n * WHOLE) / 2n}` });
    const paid = await operator.json<{ id: string; from: string; hash: string }>(
      "invoice",
      "pay",
      invoice.text,
      "--from",
      alice,
    );
    expect(paid).to.include({ from: alice, to: shop, hash: invoice.hash });
    const shown = await operator.run("invoice", "show", invoice.text);
    expect([shown.code, shown.stdout.includes("Status   settled\n")]).to.deep.equal([0, true]);
    expect((await operator.api.balances(shop)).balances[0]!.balance).to.equal((5n * WHOLE) / 2n);
    const open = await operator.json<{ hash: string }>("invoice", "create", shop, "1", "--hold");
    expect(await operator.json("invoice", "cancel", open.hash)).to.include({ hash: open.hash, status: "cancelled" });
    expect((await operator.run("invoice", "pay", "sl1nonsense", "--from", alice)).stderr).to.match(
      /^invalid_invoice: /,
    );
  });

  it("events: one line each, in their order, from any number on", async () => {
    const alice = await operator.hosted(3n);
    const { stdout } = await operator.run("events", "--account", alice, "--json");
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { number: string; type: string });
    expect(events.map(({ type }) => type)).to.deep.equal(["account.opened", "money.issued"]);
    const words = ["events", "--account", alice, "--after", events[0]!.number, "--type", "money.issued"];
    const later = await operator.run(...words);
    expect(later.stdout).to.match(
      new RegExp(`^${events[1]!.number}  \\S+Z  money.issued  issued -> ${alice}  ${3n * WHOLE} of ${token}\n$`),
    );
    expect((await operator.run("events", "--type", "nonsense")).code).to.equal(2);
  });

  it("pay: to a name, which stands for what it first stood for until a change is accepted", async function () {
    const wallet = path.join(temporaryFolder(this), "wallet.jsonl");
    const key = keccakText("a customer who pays by name") as Hex;
    const [own, bob, carol] = [addressOf(key), await operator.hosted(), await operator.hosted()];
    await operator.api.openAccount({ custody: "self", address: own, tokens: [token] });
    await operator.api.issue({ account: own, token, amount: 10n * WHOLE });
    const give = async (account: Address, name: string) => {
      const headers = { authorization: "Bearer development", "content-type": "application/json" };
      const body = JSON.stringify({ name });
      const { status } = await fetch(`${serving.url}/v1/accounts/${account}/alias`, { method: "PUT", headers, body });
      expect(status).to.equal(200);
    };
    await give(bob, "bobby");
    const at = ["--wallet", wallet, "--rpc", serving.rpc];
    const environment = { ...serving.environment, STARLEDGER_USER_KEY: key };
    const pay = (...words: string[]) => starledger(["pay", own, ...words, ...at], environment);
    const paid = await pay("Bobby@localhost", "4", "--json");
    expect([paid.code, paid.stderr.split("\n")[1]]).to.deep.equal([0, `bobby@localhost stands for ${bob}`]);
    expect(JSON.parse(paid.stdout)).to.include({ to: bob, amount: `${4n * WHOLE}` });
    // As if it had stood for somebody else: what is accepted is kept.
    const changed = await pay("bobby@localhost", "1", "--accept", carol);
    const details = { name: "bobby@localhost", got: bob, want: carol };
    expect(changed).to.deep.equal(stopped(1, new StarledgerError("name_changed", details)));
    expect((await pay("bobby@localhost", "1", "--accept", bob)).code).to.equal(0);
    expect((await pay("bobby", "1")).stderr).to.match(/^wrong_usage: .*bobby@HOST/);
    // The service knows its own names.
    expect((await operator.run("pay", bob, "bobby", "1")).stderr).to.match(/^self_payment: /);
    const { balances } = await operator.api.balances(bob);
    expect(balances[0]!.balance).to.equal(5n * WHOLE);
  });

  it("invoice, channel show: with keys of one's own on both sides, and no word of the service's believed", async function () {
    const folder = temporaryFolder(this);
    const people = await Promise.all(
      ["payer", "payee"].map(async (name) => {
        const key = keccakText(`a ${name} of invoices`) as Hex;
        const [address, wallet] = [addressOf(key), path.join(folder, `${name}.jsonl`)];
        await operator.api.openAccount({ custody: "self", address, tokens: [token] });
        const environment = { ...serving.environment, STARLEDGER_USER_KEY: key, STARLEDGER_API_KEY: "" };
        const own = async (...words: string[]) => {
          const done = await starledger([...words, "--wallet", wallet, "--rpc", serving.rpc, "--json"], environment);
          return { ...done, data: done.code === 0 ? (JSON.parse(done.stdout) as Record<string, string>) : {} };
        };
        return { address, wallet, own };
      }),
    );
    const [payer, payee] = people as [(typeof people)[0], (typeof people)[0]];
    await operator.api.issue({ account: payer.address, token, amount: 10n * WHOLE });
    const create = (...words: string[]) =>
      payee.own("invoice", "create", payee.address, "2.5", "--token", token, ...words);
    const { data: asked } = await create();
    expect(asked).to.include({ role: "payee", status: "open", account: payee.address, amount: `${(5n * WHOLE) / 2n}` });
    const pay = ["invoice", "pay", asked["text"]!, "--from", payer.address];
    expect((await payee.own(...pay)).stderr).to.match(/wrong_signer: /);
    expect((await payer.own(...pay)).data).to.include({ role: "payer", status: "locked", hash: asked["hash"]! });
    // The payee's wallet claims when it is looked at.
    const got = await payee.own("invoice", "show", asked["text"]!, "--wait");
    expect(got.data).to.include({ role: "payee", status: "settled", hash: asked["hash"]! });
    const paid = await payer.own("invoice", "show", asked["text"]!, "--wait");
    expect(paid.data).to.include({ role: "payer", status: "settled", hash: asked["hash"]! });
    expect(hashOfPreimage(paid.data["preimage"] as Hash)).to.equal(asked["hash"]);
    expect((await payer.own("invoice", "show", asked["text"]!)).data).to.deep.equal(paid.data);

    const { data: held } = await create("--hold");
    await payer.own("invoice", "pay", held["text"]!, "--from", payer.address);
    expect((await payee.own("invoice", "cancel", held["text"]!)).data).to.include({
      role: "payee",
      hash: held["hash"]!,
    });
    const back = await payer.own("invoice", "show", held["text"]!, "--wait");
    expect(back.data).to.include({ role: "payer", status: "returned" });

    const id = channelId({ system: serving.systems[0].address, user: payer.address, token, epoch: 0n });
    const shown = await starledger(["channel", "show", id, "--wallet", payer.wallet, "--rpc", serving.rpc]);
    const values = new Map(shown.stdout.split("\n").map((line) => [line.slice(0, 9).trim(), line.slice(9)]));
    expect([values.get("Status"), values.get("Locks"), values.get("Balance")]).to.deep.equal([
      "open",
      "0 out, 0 in",
      "7.5",
    ]);
    const offline = await starledger(["channel", "show", id, "--wallet", payer.wallet, "--json"]);
    const { channel, state } = JSON.parse(offline.stdout) as { channel: object; state: { state: { net: string } } };
    expect(channel).to.deep.include({ user: payer.address, token, epoch: "0" });
    expect(BigInt(state.state.net)).to.equal(BigInt(7.5e18));
    const stranger = await starledger(["channel", "show", id, "--wallet", payee.wallet]);
    expect(stranger.stderr).to.match(/^unknown_channel: /);
  });

  it("pay, channel close, backup, restore: with a key of one's own", async function () {
    const folder = temporaryFolder(this);
    const [wallet, copy, again] = ["wallet.jsonl", "wallet.backup", "again.jsonl"].map((name) =>
      path.join(folder, name),
    );
    const bob = await operator.hosted();
    await operator.api.openAccount({ custody: "self", address: OWN, tokens: [token] });
    await operator.api.issue({ account: OWN, token, amount: 10n * WHOLE });
    const environment = { ...serving.environment, STARLEDGER_USER_KEY: KEY, STARLEDGER_PASSPHRASE: "correct horse" };
    const own = (...words: string[]) => starledger(words, environment);
    const at = (file: string) => ["--wallet", file, "--rpc", serving.rpc];

    const paid = await own("pay", OWN, bob, "4", ...at(wallet!), "--json");
    expect([paid.code, paid.stderr]).to.deep.equal([
      0,
      `Making the wallet's file ${wallet!}: keep it, and back it up\n`,
    ]);
    expect(JSON.parse(paid.stdout)).to.deep.include({ from: OWN, to: bob, version: "1", amount: `${4n * WHOLE}` });
    expect((await own("pay", bob, OWN, "1", ...at(wallet!))).stderr).to.match(/^wrong_signer: /);
    expect((await own("pay", OWN, bob, "1", "--wallet", wallet!)).stderr).to.match(/^wrong_usage: .*--rpc/);

    const backup = await own("backup", "--wallet", wallet!, "--out", copy!);
    expect(backup.stdout).to.match(/^Backup {3}\S+wallet\.backup\nRecords {2}\d+\n$/);
    const wrong = { ...environment, STARLEDGER_PASSPHRASE: "another horse" };
    const refused = await starledger(["restore", "--from", copy!, "--wallet", again!], wrong);
    expect(refused).to.deep.equal(stopped(1, new StarledgerError("wrong_passphrase")));
    expect(existsSync(again!)).to.equal(false);
    expect((await own("restore", "--from", copy!, "--wallet", again!)).code).to.equal(0);
    // The backup may be older than what was signed: only what is final on chain after the longest deadline is safe to go on from (S7).
    const early = await own("pay", OWN, bob, "1", ...at(again!));
    expect(early.code).to.equal(1);
    expect(early.stderr).to.match(/^resynchronising: /);
    expect((await operator.api.balances(bob)).balances[0]!.balance).to.equal(4n * WHOLE);

    const unasked = await own("channel", "close", token, ...at(wallet!));
    expect([unasked.code, unasked.stdout]).to.deep.equal([5, ""]);
  });

  it("doctor: finds nothing wrong with a service that is well, and names what is not", async () => {
    const well = await operator.run("doctor", "--rpc", serving.rpc, "--json");
    const found = JSON.parse(well.stdout) as { ok: boolean; checks: { check: string; ok: boolean; detail: string }[] };
    expect(found.checks.filter(({ ok }) => !ok)).to.deep.equal([]);
    expect([well.code, found.ok]).to.deep.equal([0, true]);
    const names = found.checks.map(({ check }) => check.split(" ")[0]);
    for (const name of [
      "service",
      "readiness",
      "clock",
      "access",
      "lease",
      "books",
      "node",
      "chain",
      "hub",
      "signer",
    ]) {
      expect(names).to.include(name);
    }
    const blind = await operator.run("doctor", "--rpc", "http://127.0.0.1:9");
    expect([blind.code, /^node +WRONG +chain_unreachable: /m.test(blind.stdout)]).to.deep.equal([1, true]);
    const wrong = { ...serving.environment, STARLEDGER_API_KEY: "hunter2-hunter2" };
    const stranger = await starledger(["doctor"], wrong);
    expect([stranger.code, /^access +WRONG +unauthorized: /m.test(stranger.stdout)]).to.deep.equal([1, true]);
    const nobody = await starledger(["doctor"], { ...wrong, STARLEDGER_URL: "http://127.0.0.1:59990" });
    expect([nobody.code, /^service +WRONG +unreachable: /m.test(nobody.stdout)]).to.deep.equal([1, true]);
    const misread = await operator.run("doctor", "--config", "/nowhere/at/all.yaml");
    expect([misread.code, /^configuration +WRONG /m.test(misread.stdout)]).to.deep.equal([1, true]);
  });
});
