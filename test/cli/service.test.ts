import { expect } from "chai";

import { ZERO_HASH, type Address } from "../../src/protocol";
import { StarledgerError } from "../../src/errors";
import { done, doneJson, starledger, stopped } from "./helpers/cli";
import { operatorOf, WHOLE, type Operator } from "./helpers/operator";
import { serve, type Serving } from "./helpers/service";

const CUSTOMER = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8" as Address;

describe("CLI: commands, against a service and a chain of their own processes", () => {
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

  it("status, asset list: say what is served", async () => {
    const { url, hub } = serving;
    const system = serving.systems[0].address;
    const systems = await operator.api.systems();
    const [status, asJson, assets] = await Promise.all([
      operator.run("status"),
      operator.run("status", "--json"),
      operator.run("asset", "list"),
    ]);
    expect(status).to.deep.equal(
      done(`Service  ${url}\nStatus   takes requests\nSystems  ${system} on chain 31337, hub ${hub}\n`),
    );
    const { signer, router } = systems[0]!;
    const described = [{ address: system, chainId: "31337", hub, router, signer }];
    expect(asJson).to.deep.equal(doneJson({ url, ready: true, systems: described }));
    expect(assets).to.deep.equal(
      done(
        "Token                                       Backing  Decimals  Owed        Limit  Crediting\n" +
          `${token}  issued         18     0  10000000000  open\n`,
      ),
    );
  });

  it("account: opens hosted ones and those of customers, and shows them", async () => {
    const { address } = await operator.json<{ address: string }>("account", "open");
    const [again, own, shown, stranger] = await Promise.all([
      operator.run("account", "show", address),
      operator.run("account", "open", "--address", CUSTOMER, "--token", token),
      operator.run("account", "show", address, "--json"),
      operator.run("account", "show", `0x${"12".repeat(20)}`),
    ]);
    const system = serving.systems[0].address;
    expect(again).to.deep.equal(
      done(`Account  ${address}\nSystem   ${system}\nCustody  hosted: the service holds the key\n`),
    );
    expect(own).to.deep.equal(
      done(`Account  ${CUSTOMER}\nSystem   ${system}\nCustody  self: the customer holds the key\n`),
    );
    expect(shown).to.deep.equal(doneJson({ address, system, custody: "hosted", status: "open" }));
    const unknown = new StarledgerError("unknown_account", { account: `0x${"12".repeat(20)}` });
    expect(stranger).to.deep.equal(stopped(3, unknown));
  });

  it("issue, pay, balance: move exact amounts", async () => {
    const [alice, bob] = [await operator.hosted(), await operator.hosted()];
    const issued = await operator.json<{ id: string; commit: string }>("issue", alice, "12.50");
    const common = { token, decimals: 18, reference: ZERO_HASH };
    expect(issued.id).to.match(new RegExp(`^${serving.systems[0].address.slice(2)}[1-9a-f][0-9a-f]*$`));
    expect(issued).to.deep.equal({
      id: issued.id,
      commit: issued.commit,
      account: alice,
      amount: "12500000000000000000",
      ...common,
    });
    const paid = await operator.run("pay", alice, bob, "0.000000000000000001");
    const { balances } = await operator.api.balances(alice);
    const { channelId } = balances[0]!;
    const proof = `state 1 of channel ${channelId}, signed by the system`;
    expect(paid.stdout.replace(/\d+\n$/, "N\n")).to.equal(
      `Paid    0.000000000000000001 of ${token}\nFrom    ${alice}\nTo      ${bob}\nProof   ${proof}\nCommit  N\n`,
    );
    const [table, asJson] = await Promise.all([
      operator.run("balance", alice),
      operator.run("balance", alice, "--json"),
    ]);
    expect(table).to.deep.equal(
      done(
        "Token                                                     Balance  Locked              Available  Channel\n" +
          `${token}  12.499999999999999999       0  12.499999999999999999  open\n`,
      ),
    );
    const left = "12499999999999999999";
    const sums = { balance: left, locked: "0", available: left };
    const entry = { token, decimals: 18, channelId, status: "open", ...sums };
    expect(JSON.parse(asJson.stdout)).to.deep.equal({ account: alice, balances: [entry] });
  });

  it("case 25: pays once under one idempotency key, and refuses another payment under it", async () => {
    const [alice, bob] = [await operator.hosted(10n), await operator.hosted()];
    const order = (amount: string) =>
      operator.run("pay", alice, bob, amount, "--idempotency-key", "order-4711", "--json");
    const first = await order("4");
    expect(await order("4")).to.deep.equal(first);
    const { code, stderr } = await order("5");
    expect([code, stderr.split(":")[0]]).to.deep.equal([3, "idempotency_conflict"]);
    expect((await operator.api.balances(bob)).balances[0]!.balance).to.equal(4n * WHOLE);
  });

  it("case 28: refuses amounts with too many digits before anything is sent, and what the service refuses", async () => {
    const [alice, bob] = [await operator.hosted(10n), await operator.hosted()];
    const [precise, dear, foreign] = await Promise.all([
      operator.run("pay", alice, bob, "1.0000000000000000001"),
      operator.run("pay", alice, bob, "11"),
      operator.run("issue", alice, "1", "--token", CUSTOMER),
    ]);
    const details = { got: "1.0000000000000000001", decimals: "18" };
    expect(precise).to.deep.equal(stopped(2, new StarledgerError("invalid_decimal", details)));
    expect(dear).to.deep.equal(stopped(3, new StarledgerError("insufficient_balance", { short: `${WHOLE}` })));
    expect(foreign).to.deep.equal(stopped(1, new StarledgerError("unknown_asset", { token: CUSTOMER })));
  });

  it("case 33: a wrong key is refused, and not repeated", async () => {
    const wrong = { ...serving.environment, STARLEDGER_API_KEY: "hunter2-hunter2" };
    const outcome = await starledger(["balance", CUSTOMER], wrong);
    expect(outcome).to.deep.equal(stopped(3, new StarledgerError("unauthorized")));
  });

  it("withdraw, channel show: what was signed for the chain", async () => {
    const alice = await operator.hosted(10n);
    const deadline = BigInt(Math.floor(Date.now() / 1_000)) + 600n;
    const words = ["withdraw", alice, "3", "--recipient", CUSTOMER, "--deadline", `${deadline}`];
    const signed = await operator.json<{
      id: string;
      commit: string;
      withdrawal: object;
      userSignature: string;
      systemSignature: string;
    }>(...words);
    const { channelId } = (await operator.api.balances(alice)).balances[0]!;
    const withdrawal = { channelId, withdrawn: `${3n * WHOLE}`, reclaimed: "0", recipient: CUSTOMER };
    expect(signed.withdrawal).to.deep.equal({ ...withdrawal, deadline: `${deadline}` });
    const channel = await operator.run("channel", "show", channelId);
    const rows = {
      Channel: channelId,
      Status: "open",
      System: serving.systems[0].address,
      User: alice,
      Token: token,
      Epoch: "0",
      "On chain": "deposited 0, withdrawn 0, collateral 0",
      State: "none",
      Note: "1, credited 10",
      Locks: "0 out, 0 in",
      Withdrawal: "signed, in all 3",
      Balance: "10",
      Available: "7",
    };
    const text = Object.entries(rows).map(([name, value]) => `${name.padEnd(12)}${value}\n`);
    expect(channel).to.deep.equal(done(text.join("")));
    const evidence = JSON.parse((await operator.run("channel", "show", channelId, "--json")).stdout) as Record<
      string,
      object
    >;
    const free = { fee: "0", payment: null };
    expect({ id: signed.id, commit: signed.commit, ...free, ...evidence["withdrawal"] }).to.deep.equal(signed);
  });
});
