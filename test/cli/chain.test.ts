import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { expect } from "chai";
import { HDNodeWallet, type JsonRpcProvider } from "ethers";

import { StarledgerError } from "../../src/errors";
import { channelId, toAddress, type Address, type ChannelKey } from "../../src/protocol";
import { operatorApi, type OperatorApi } from "../../src/sdk";
import { HubClient } from "../../src/chain";
import { nodeAt } from "../../src/chain/node";
import { IssuedToken__factory } from "../../typechain-types";
import { rpcProxyTo } from "../helpers/rpcProxy";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { doneJson, starledger, stopped, type Outcome } from "./helpers/cli";
import { serve, type Serving } from "./helpers/service";

const WHOLE = 10n ** 18n;
const MNEMONIC = "test test test test test test test test test test test junk";

describe("CLI: to the chain and back, on a real node", () => {
  let serving: Serving;
  let provider: JsonRpcProvider;
  let token: Address;
  const customer = HDNodeWallet.fromPhrase(MNEMONIC, undefined, "m/44'/60'/0'/0/1");
  const user = toAddress(customer.address);

  before(async () => {
    serving = await serve({ STARLEDGER_CHAIN_SECONDS: "0.1" });
    [token] = serving.systems[0].tokens;
    provider = nodeAt(serving.rpc);
  });

  after(async () => {
    provider.destroy();
    await serving.stop();
  });

  const run = (words: string[], key: string = customer.privateKey) =>
    starledger(words, {
      ...serving.environment,
      STARLEDGER_RPC_URL: serving.rpc,
      STARLEDGER_USER_KEY: key,
    });
  const tokens = (of = user): Promise<bigint> => IssuedToken__factory.connect(token, provider).balanceOf(of);

  it("channel withdraw, deposit: a withdrawal is paid out, and paid in again into a channel of one's own", async () => {
    const api = operatorApi(serving.url, "development");
    const { address: alice } = await api.openAccount({ custody: "hosted", tokens: [token] });
    await api.issue({ account: alice, token, amount: 10n * WHOLE });
    const { channelId: id } = (await api.balances(alice)).balances[0]!;
    const hub = ["--hub", serving.hub];
    const nothing = await run(["channel", "withdraw", id, ...hub, "--yes"]);
    const details = { channel: id, reason: "none is signed that is not on the chain" };
    expect(nothing).to.deep.equal(stopped(1, new StarledgerError("bad_withdrawal", details)));

    const signing = await run(["withdraw", alice, "3", "--recipient", user]);
    expect([signing.code, signing.stderr]).to.deep.equal([0, ""]);
    const sending = `Withdraw 3 of ${token} to ${user}`;
    const unasked = await run(["channel", "withdraw", id, ...hub]);
    const declined = new StarledgerError("declined", { what: sending });
    expect(unasked).to.deep.equal({ ...stopped(5, declined), stderr: `${sending}\n${stopped(5, declined).stderr}` });
    expect(await tokens()).to.equal(0n);

    const sent = await run(["channel", "withdraw", id, ...hub, "--yes"]);
    const [, withdrawing] = /withdraw: transaction (0x\w{64}), \d+ gas\n$/.exec(sent.stderr) ?? [];
    expect([sent.code, sent.stdout]).to.deep.equal([
      0,
      `Withdrawn    3 of ${token}\nTo           ${user}\nTransaction  ${withdrawing!}\n`,
    ]);
    expect(await tokens()).to.equal(3n * WHOLE);

    const channel = { system: serving.systems[0].address, user, token, epoch: 0n };
    const words = [
      "deposit",
      "1.25",
      ...hub,
      "--system",
      serving.systems[0].address,
      "--token",
      token,
      "--yes",
      "--json",
    ];
    const deposited = await run(words);
    const data = JSON.parse(deposited.stdout) as { sent: { step: string; transaction: string; gas: string }[] };
    expect(data).to.deep.equal({
      channelId: channelId(channel),
      user,
      token,
      amount: "1250000000000000000",
      decimals: 18,
      sent: data.sent,
    });
    expect([deposited.code, data.sent.map(({ step }) => step)]).to.deep.equal([0, ["approve", "deposit"]]);
    for (const { transaction, gas } of data.sent) {
      const receipt = await provider.getTransactionReceipt(transaction);
      expect([receipt?.status, `${receipt?.gasUsed}`]).to.deep.equal([1, gas]);
    }
    const { funds } = await new HubClient(serving.hub, provider).channel(channel);
    expect([funds.deposited, await tokens()]).to.deep.equal([1_250_000_000_000_000_000n, 1_750_000_000_000_000_000n]);
  });

  it("channel force-close: closes a channel on the chain without its user, once the operator has said yes", async () => {
    const api = operatorApi(serving.url, "development");
    const { address: gone } = await api.openAccount({ custody: "hosted", tokens: [token] });
    await api.issue({ account: gone, token, amount: WHOLE });
    const { channelId: id } = (await api.balances(gone)).balances[0]!;
    const asking = `Close channel ${id} of ${gone} on the chain, without its user`;
    const declined = stopped(5, new StarledgerError("declined", { what: asking }));
    expect(await run(["channel", "force-close", id])).to.deep.equal({
      ...declined,
      stderr: `${asking}\n${declined.stderr}`,
    });
    expect((await api.channel(id)).status).to.equal("open");
    const closed = await run(["channel", "force-close", id, "--yes", "--json"]);
    expect(closed).to.deep.equal({
      ...doneJson({ channelId: id, account: gone, token, status: "frozen" }),
      stderr: `${asking}\n`,
    });
    const hub = new HubClient(serving.hub, provider);
    const { key } = await api.channel(id);
    while (!(await hub.channel(key)).closing) await delay(20);
    expect(await tokens(gone)).to.equal(WHOLE);
  });

  describe("withdraw: with a key of one's own", () => {
    const owner = HDNodeWallet.fromPhrase(MNEMONIC, undefined, "m/44'/60'/0'/0/2");
    const own = toAddress(owner.address);
    let api: OperatorApi;
    let key: ChannelKey;
    let wallet: string;

    before(async function () {
      api = operatorApi(serving.url, "development");
      key = { system: serving.systems[0].address, user: own, token, epoch: 0n };
      wallet = path.join(temporaryFolder(this), "wallet.jsonl");
      await api.openAccount({ custody: "self", address: own, tokens: [token] });
      await api.issue({ account: own, token, amount: 10n * WHOLE });
    });

    const withdraw = (...words: string[]) => run(["withdraw", own, ...words, "--wallet", wallet], owner.privateKey);
    /** What both have signed and the service has not seen on the chain. */
    const pending = async () => (await api.channel(channelId(key))).withdrawal;
    const until = async (holds: () => boolean | Promise<boolean>) => {
      while (!(await holds())) await delay(20);
    };
    const lines = ({ stderr }: Outcome) =>
      stderr
        .replace(/(?<=sent until )\S+/, "…")
        .split("\n")
        .slice(0, -1);

    it("is refused where it asks for what cannot be, and sends nothing without a yes", async () => {
      const reason = "with --wallet there is no --idempotency-key and no --deadline";
      const misused = new StarledgerError("wrong_usage", { reason });
      expect(await withdraw("3", "--deadline", "1")).to.deep.equal(stopped(2, misused));
      const nowhere = new StarledgerError("wrong_usage", { missing: "--recipient" });
      expect(await run(["withdraw", own, "3"])).to.deep.equal(stopped(2, nowhere));
      const foreign = await run(["withdraw", user, "3", "--wallet", wallet], owner.privateKey);
      expect([foreign.code, lines(foreign).at(-2)!.split(":")[0]]).to.deep.equal([1, "wrong_signer"]);
      const what = `Withdraw 2 of ${token} to ${own}`;
      const declined = stopped(5, new StarledgerError("declined", { what }));
      expect(await withdraw("2", "--submit")).to.deep.equal({ ...declined, stderr: `${what}\n${declined.stderr}` });
      expect(await pending()).to.equal(null);
    });

    it("is sent at once at the owner's cost", async () => {
      const sent = await withdraw("2", "--submit", "--yes");
      const [, transaction] = /(0x\w{64})\n$/.exec(sent.stdout) ?? [];
      expect([sent.code, sent.stdout]).to.deep.equal([
        0,
        `Withdrawn    2 of ${token}\nTo           ${own}\nTransaction  ${transaction!}\n`,
      ]);
      const asked = `Withdraw 2 of ${token} to ${own}`;
      expect(lines(sent)).to.deep.equal([asked, "Signed by both; it can be sent until …", "Final on the chain"]);
      expect((await provider.getTransactionReceipt(transaction!))?.from).to.equal(owner.address);
      expect(await tokens(own)).to.equal(2n * WHOLE);
      await until(async () => (await pending()) === null);
    });

    it("is followed until it is final, or can no longer be sent, whether or not the node answers at once", async function () {
      const proxy = await rpcProxyTo(this, serving.rpc);
      const block = (await provider.send("eth_getBlockByNumber", ["finalized", false])) as object;
      let final: object | undefined = block;
      let isSigned = false;
      /** What the newest block says of the channel, since the withdrawal was signed. */
      let seen: unknown[] = [];
      proxy.lie = async ({ method, params }, result) => {
        if (method === "eth_getBlockByNumber" && params[0] === "finalized") return final ?? result;
        if (method !== "eth_call" || params[1] !== "latest") return result;
        isSigned ||= (await pending()) !== null;
        if (isSigned) seen.push(result);
        return result;
      };
      const follow = (...words: string[]) => withdraw(...words, "--rpc", proxy.url, "--json");

      const following = follow("3", "--recipient", user);
      await until(() => seen.length > 0);
      const before = await tokens();
      await new HubClient(serving.hub, customer.connect(provider)).withdraw(key, (await pending())!);
      expect((await tokens()) - before).to.equal(3n * WHOLE);
      await until(() => seen.at(-1) !== seen[0]);
      proxy.drops = 1;
      await until(() => proxy.drops === 0);
      final = undefined;
      const followed = await following;
      const data = {
        channelId: channelId(key),
        token,
        amount: `${3n * WHOLE}`,
        decimals: 18,
        recipient: user,
        sent: [],
      };
      expect([followed.code, JSON.parse(followed.stdout)]).to.deep.equal([0, data]);
      expect(lines(followed)).to.deep.equal([
        "Signed by both; it can be sent until …",
        "Waiting until it is on the chain",
        "On the chain; waiting until that is final",
        "The chain's node does not answer. (reason: fetch failed) Trying again",
        "Final on the chain",
      ]);

      await until(async () => (await pending()) === null);
      [isSigned, seen] = [false, []];
      const late = follow("4");
      await until(() => seen.length > 0);
      const { withdrawal } = (await pending())!;
      final = { ...block, timestamp: `0x${(withdrawal.deadline + 1n).toString(16)}` };
      const { code, stdout } = await late;
      const said = JSON.parse(stdout) as { error: string; withdrawal: object; sent: object[] };
      expect([code, said.error, said.withdrawal, said.sent]).to.deep.equal([
        ...[1, "withdrawal_expired"],
        { ...withdrawal, withdrawn: `${9n * WHOLE}`, reclaimed: "0", deadline: `${withdrawal.deadline}` },
        [],
      ]);
    });
  });

  it("takes the key from an encrypted keystore, and refuses what cannot be, sending nothing", async function () {
    const folder = temporaryFolder(this);
    const [file, secret] = [path.join(folder, "key.json"), path.join(folder, "passphrase")];
    writeFileSync(secret, "correct horse battery\n");
    const made = await starledger(["key", "import", "--out", file, "--passphrase-file", secret], {
      STARLEDGER_PRIVATE_KEY: customer.privateKey,
    });
    expect([made.code, readFileSync(file, "utf8").includes(customer.privateKey.slice(2))]).to.deep.equal([0, false]);
    const count = await provider.getTransactionCount(user);
    const words = (amount: string, more: string[]) => [
      ...["deposit", amount, "--hub", serving.hub, "--system", serving.systems[0].address, "--token", token],
      ...["--key-file", file, "--passphrase-file", secret, "--yes", ...more],
    ];
    const [precise, foreign, nowhere, keyless] = await Promise.all([
      run(words("1.0000000000000000001", []), ""),
      run(words("1", ["--system", user]), ""),
      run(words("1", ["--hub", user]), ""),
      run(["deposit", "1", "--hub", serving.hub, "--system", serving.systems[0].address, "--token", token], ""),
    ]);
    const tooMany = { got: "1.0000000000000000001", decimals: "18" };
    const unlisted = { system: user, token };
    const sources = { secret: "Private key", sources: "--key-file, STARLEDGER_USER_KEY" };
    expect([precise, foreign, nowhere, keyless]).to.deep.equal([
      stopped(2, new StarledgerError("invalid_decimal", tooMany)),
      stopped(1, new StarledgerError("unknown_asset", unlisted)),
      stopped(1, new StarledgerError("invalid_input", { hub: user, reason: "no contract is there" })),
      stopped(2, new StarledgerError("missing_secret", sources)),
    ]);
    expect(await provider.getTransactionCount(user)).to.equal(count);
  });
});
