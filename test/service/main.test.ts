import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { stringify } from "yaml";

import { bundledCommandLine } from "../../scripts/bundled/commandLine";
import { keccakText } from "../../src/protocol";
import { DEVELOPMENT } from "../../src/service/config";
import { afterTest } from "../helpers/afterTest";
import { caller } from "../helpers/http";
import { temporaryFolder } from "../helpers/temporaryFolder";

const operator = "development";

/** What a service says when it answers. */
interface Served {
  readonly url: string;
  readonly rpc: string;
  readonly systems: readonly { readonly address: string; readonly tokens: readonly string[] }[];
  readonly deployment: Readonly<Record<string, string>>;
}

/** `npm start` on a database of the test, without what npm adds. */
async function startMain(
  context: Mocha.Context,
  store: string,
  settings: Record<string, string> = {},
  args: readonly string[] = [],
) {
  const child: ChildProcess = spawn(process.execPath, [bundledCommandLine(), "serve", "--json", ...args], {
    env: { ...process.env, STARLEDGER_STORE: store, STARLEDGER_PORT: "0", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  afterTest(context, () => child.kill("SIGKILL"));
  const exited = once(child, "exit") as Promise<[number | null]>;
  let output = "";
  child.stderr!.on("data", (text: Buffer) => (output += text.toString()));
  const answers = new Promise<Served>((resolve) => {
    child.stdout!.once("data", (line: Buffer) => {
      const said = JSON.parse(line.toString()) as Served | { readonly error: string };
      if ("url" in said) resolve(said);
    });
  });
  const served = await Promise.race([answers, exited.then(() => undefined)]);
  const url = served?.url ?? "";
  const token = served?.systems[0]?.tokens[0];
  const stop = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return (await exited)[0];
  };
  return { served, url, token, exited, stop, output: () => output, get: caller(url, "GET"), post: caller(url, "POST") };
}

describe("npm start", () => {
  it("loses nothing that it accepted when it is told to stop, and remembers it all when it starts again", async function () {
    const store = `sqlite:${path.join(temporaryFolder(this), "service.db")}`;
    const first = await startMain(this, store);
    const { token } = first;
    const open = (key: string) => ({ operator, key, body: { custody: "hosted", tokens: [token] } });
    const alice = (await first.post("/v1/accounts", open("alice"))).body as { address: string };
    const orders = Array.from({ length: 200 }, (_, i) => ({
      operator,
      key: `order-${i}`,
      body: { account: alice.address, token, amount: "1", reference: keccakText(`order ${i}`) },
    }));
    const sent = Promise.allSettled(orders.map((order) => first.post("/v1/issuances", order)));
    await first.post("/v1/accounts", open("bob"));
    expect(await first.stop("SIGTERM")).to.equal(0);
    const acknowledged = (await sent).map((one) => one.status === "fulfilled" && one.value.status === 201);
    expect(first.output()).to.match(/Stopped\n$/);

    const again = await startMain(this, store);
    const replies = await Promise.all(orders.map((order) => again.post("/v1/issuances", order)));
    acknowledged.forEach((was, i) => was && expect(replies[i]!.replayed, `order ${i}`).to.equal("true"));
    expect(acknowledged).to.include(true);
    const { balances } = (await again.get(`/v1/accounts/${alice.address}/balances`, { operator })).body as {
      balances: { balance: string }[];
    };
    expect(balances.map(({ balance }) => balance)).to.deep.equal(["200"]);
    const { systems } = (await again.get("/v1/reconciliation", { operator })).body as { systems: unknown[] };
    expect(systems[0]).to.include({ chain: true, total: 0 });
    expect(await again.stop("SIGINT")).to.equal(0);
  });

  it("pays a withdrawal on the chain by itself", async function () {
    const settings = { STARLEDGER_SETTLE_SECONDS: "0", STARLEDGER_CHAIN_SECONDS: "0.1" };
    const { token, get, post, stop } = await startMain(this, "sqlite::memory:", settings);
    const opening = { operator, body: { custody: "hosted", tokens: [token] } };
    const { address } = (await post("/v1/accounts", opening)).body as { address: string };
    await post("/v1/issuances", { operator, body: { account: address, token, amount: "5" } });
    const deadline = String(Math.floor(Date.now() / 1_000) + 3_600);
    const terms = { custody: "hosted", from: address, token, amount: "3", recipient: address, deadline };
    const { id } = (await post("/v1/withdrawals", { operator, body: terms })).body as { id: string };
    let withdrawal: { status?: string } = {};
    while (withdrawal.status !== "settled") {
      withdrawal = (await get(`/v1/withdrawals/${id}`, { operator })).body as typeof withdrawal;
    }
    const { balances } = (await get(`/v1/accounts/${address}/balances`, { operator })).body as {
      balances: { balance: string }[];
    };
    expect(balances.map(({ balance }) => balance)).to.deep.equal(["2"]);
    expect(await stop("SIGTERM")).to.equal(0);
  });

  it("joins another process, configured by a file, and goes on without it and its chain", async function () {
    const folder = temporaryFolder(this);
    const [store, file] = [path.join(folder, "service.db"), path.join(folder, "starledger.yaml")];
    const operator = "sixteen-characters";
    const first = await startMain(this, `sqlite:${store}`, { STARLEDGER_OPERATOR_KEY: operator });
    const { rpc, systems, deployment } = first.served!;
    const [{ address }] = systems as [(typeof systems)[number]];
    writeFileSync(path.join(folder, `${deployment["chainId"]}.json`), JSON.stringify(deployment));
    const settings = (signerKey: string, gasKeys?: string) => ({
      ...(gasKeys && { gasKeys }),
      ...{ rpcUrl: rpc, deployments: folder, store: `sqlite:${store}`, operatorKey: operator },
      ...{ keystoreSecret: DEVELOPMENT.secret, keystoreSalt: DEVELOPMENT.salt },
      systems: [{ address, tokens: [first.token], signerKey }],
    });
    writeFileSync(file, stringify(settings(keccakText("nobody's signer"))));
    const refused = await startMain(this, "", {}, ["--config", file]);
    expect((await refused.exited)[0]).to.equal(1);
    expect(refused.output()).to.match(
      /^unregistered_signer: A key is not of any of the system's signers on the hub\. /,
    );

    const keyFile = path.join(folder, "signer");
    writeFileSync(keyFile, DEVELOPMENT.signerKey);
    const signer = `file:${keyFile}`;
    writeFileSync(file, stringify(settings(signer, `${keccakText("somebody")},${signer}`)));
    const paying = await startMain(this, "", {}, ["--config", file]);
    expect((await paying.exited)[0]).to.equal(1);
    expect(paying.output()).to.match(/^signer_pays_gas: A key that pays for gas can sign states too\. /);

    writeFileSync(file, stringify(settings(signer)));
    const second = await startMain(this, "", {}, ["--config", file]);
    const opening = { operator, key: "alice", body: { custody: "hosted", tokens: [first.token] } };
    const opened = await second.post("/v1/accounts", opening);
    expect([opened.status, opened.replayed]).to.deep.equal([201, null]);
    expect(await first.stop("SIGTERM")).to.equal(0);
    let again = await second.post("/v1/accounts", opening);
    while (again.status === 503) again = await second.post("/v1/accounts", opening);
    expect(again).to.deep.equal({ ...opened, replayed: "true" });
    expect(await second.stop("SIGTERM")).to.equal(0);
  });

  it("says what is wrong with its settings, and ends", async function () {
    const { exited, output } = await startMain(this, "nowhere", { STARLEDGER_OPERATOR_KEY: "hunter2" });
    expect((await exited)[0]).to.equal(1);
    expect(output()).to.equal(
      "invalid_configuration: A setting is missing or malformed. (malformed: STARLEDGER_OPERATOR_KEY)\nSee docs/CONFIGURATION.md.\n",
    );
  });
});
