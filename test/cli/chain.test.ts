import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { HDNodeWallet, type JsonRpcProvider } from "ethers";

import { StarledgerError } from "../../src/errors";
import { channelId, toAddress, type Address } from "../../src/protocol";
import { operatorApi } from "../../src/sdk";
import { HubClient } from "../../src/chain";
import { nodeAt } from "../../src/chain/node";
import { IssuedToken__factory } from "../../typechain-types";
import { temporaryFolder } from "../helpers/temporaryFolder";
import { starledger, stopped } from "./helpers/cli";
import { serve, type Serving } from "./helpers/service";

const WHOLE = 10n ** 18n;
const MNEMONIC = "test test test test test test test test test test test junk";

describe("CLI: to the chain and back, on a real node", function () {
  this.timeout(120_000);
  let serving: Serving;
  let provider: JsonRpcProvider;
  let token: Address;
  const customer = HDNodeWallet.fromPhrase(MNEMONIC, undefined, "m/44'/60'/0'/0/1");
  const user = toAddress(customer.address);

  before(async () => {
    serving = await serve();
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
  const tokens = (): Promise<bigint> => IssuedToken__factory.connect(token, provider).balanceOf(user);

  it("channel withdraw, deposit: a withdrawal is paid out, and paid in again into a channel of one's own", async function () {
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
