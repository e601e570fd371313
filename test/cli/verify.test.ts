import { readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";

import { addressOf, keccakText, type Address, type Hex } from "../../src/protocol";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { starledger, stopped } from "./helpers/cli";
import { StarledgerError } from "../../src/errors";
import { operatorOf, WHOLE, type Operator } from "./helpers/operator";
import { serve, type Serving } from "./helpers/service";

const KEY = keccakText("an owner who verifies") as Hex;
const OWN = addressOf(KEY);

interface Verified {
  readonly balance: string;
  readonly statement: { readonly period: string; readonly total: string; readonly head: string };
  readonly backing: { readonly asOf: string };
}

describe("CLI: verify, against a service and a chain of their own processes", () => {
  let serving: Serving;
  let operator: Operator;
  let token: Address;
  let period: bigint;
  let alice: Address;

  before(async () => {
    serving = await serve({ STARLEDGER_CHAIN_SECONDS: "0.1" });
    operator = operatorOf(serving);
    ({ token } = operator);
    alice = await operator.hosted(5n);
    await operator.api.openAccount({ custody: "self", address: OWN, tokens: [token] });
    await operator.api.issue({ account: OWN, token, amount: 3n * WHOLE });
    // The first one is made when the service starts.
    await published();
    const { statement } = await operator.json<Verified>("asset", "publish");
    period = BigInt(statement.period);
    await published();
  });

  after(async () => {
    expect(await serving.stop()).to.equal(0);
  });

  /** Resolves when what was published last is final. */
  async function published(): Promise<void> {
    for (;;) {
      const [last] = (await operator.api.publications({ token })).data;
      if (last?.status === "final") return;
      await delay(50);
    }
  }

  it("verify: an account is in what was published, by the caller's own node", async () => {
    const verified = await operator.json<Verified>("verify", alice, "--rpc", serving.rpc);
    expect(verified).to.deep.include({ balance: `${5n * WHOLE}` });
    expect(verified.statement).to.deep.include({ period: `${period}`, total: `${8n * WHOLE}` });
    const shown = await operator.run("verify", alice, "--rpc", serving.rpc, "--period", `${period}`);
    expect([shown.code, shown.stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 0 && /Balance {4}5\n/.test(text) && text.includes("by your node"),
    );
  });

  it("verify --wallet: also that the balance is what the owner's own records say", async function () {
    const wallet = path.join(temporaryFolder(this), "wallet.jsonl");
    const environment = { ...serving.environment, STARLEDGER_USER_KEY: KEY };
    const own = await starledger(["verify", "--wallet", wallet, "--rpc", serving.rpc, "--json"], environment);
    expect(own.code).to.equal(0);
    expect(JSON.parse(own.stdout)).to.deep.include({ balance: `${3n * WHOLE}` });
    const records = readFileSync(wallet, "utf8");
    expect(records).to.include('"verified"').and.include('"received"');
  });

  it("verify: names what is not on chain, and an account that came later", async () => {
    const nowhere = "0x00000000000000000000000000000000000000ee";
    const elsewhere = await operator.run("verify", alice, "--rpc", serving.rpc, "--anchor", serving.hub);
    expect(elsewhere.stderr).to.match(/^transaction_failed: /);
    const bob = await operator.hosted();
    const late = await operator.run("verify", bob, "--rpc", serving.rpc);
    expect([late.code, late.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 3 && text.startsWith("not_in_publication: "),
    );
    const { code, message, hint } = new StarledgerError("wrong_usage", { missing: "an account, or --wallet" });
    expect(await operator.run("verify", "--rpc", serving.rpc)).to.deep.equal(stopped(2, { code, message, hint }));
    expect((await operator.run("verify", nowhere, "--rpc", serving.rpc)).stderr).to.match(/^unknown_account: /);
  });

  it("verify-journal: the log is what was published, head by head", async () => {
    const report = await operator.json<object>("verify-journal", "--rpc", serving.rpc);
    const system = serving.systems[0].address;
    expect(report).to.deep.include({ ok: true, system, anchors: Number(period) + 1, findings: [] });
    const shown = await operator.run("verify-journal", "--rpc", serving.rpc);
    expect(shown.stdout).to.include("Result   the log is what was published");
  });
});
