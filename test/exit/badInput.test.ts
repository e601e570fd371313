import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { depositor } from "../../scripts/demo/disputes";
import { type World } from "../../scripts/demo/world";
import { exitCodeOf } from "../../src/cli/exitCodes";
import { StarledgerError, type ErrorCode } from "../../src/errors";
import {
  channelId,
  emptyNote,
  emptyState,
  ZERO_HASH,
  type ChannelKey,
  type Lock,
  type State,
} from "../../src/protocol";
import { exit, exitJson, writeEvidence } from "./helpers/cli";
import { channelAt, signedNote, signedState, transactionCount } from "./helpers/papers";
import { testWorld } from "../helpers/worlds";

const WHOLE = 10n ** 18n;

describe("starledger exit, asked wrongly (case 22)", () => {
  let world: World;

  before(async () => {
    world = await testWorld();
  });

  after(async () => {
    await world.stop();
    rmSync(world.folder, { recursive: true });
  });

  const INDEX = 11;
  let channel: ChannelKey;
  let good: { state: State; userSignature: string; systemSignature: { signature: string; proof: string[] } };

  before(async () => {
    await depositor(world, INDEX, 5n * WHOLE);
    channel = await channelAt(world, INDEX);
    good = await signedState(world, INDEX, { ...emptyState(channelId(channel)), version: 1n, net: -1n });
  });

  const write = (name: string, evidence: object) => writeEvidence(world, name, evidence);
  const cases: [string, () => Promise<string[]> | string[], ErrorCode, Record<string, string>?][] = [
    ["no such file", () => ["--evidence", "/nowhere/at/all"], "invalid_input"],
    ["a hub that is not there", () => ["--hub", `0x${"12".repeat(20)}`], "invalid_input"],
    ["a malformed hub", () => ["--hub", "0x12"], "wrong_usage"],
    ["a node that does not answer", () => ["--rpc", "http://127.0.0.1:9"], "chain_unreachable"],
    ["a token that is not listed", () => ["--token", ZeroAddress], "unknown_asset"],
    ["another account's key", () => ["--user", `0x${"34".repeat(20)}`], "wrong_signer"],
    ["an epoch that has not come", () => ["--epoch", "3"], "unknown_channel"],
    ["a range of no blocks, which would search for ever", () => ["--log-range", "0"], "wrong_usage"],
    [
      "papers of another user",
      () => ["--evidence", write("other", { channel: { ...channel, user: world.system } })],
      "wrong_signer",
    ],
    [
      "a number out of range",
      () => ["--evidence", write("range", { channel, state: { ...good, state: { ...good.state, version: -1n } } })],
      "invalid_input",
      { field: "state.state.version", reason: "out_of_range" },
    ],
    [
      "a missing field",
      () => ["--evidence", write("missing", { channel: { ...channel, token: undefined } })],
      "invalid_input",
      { field: "channel.token" },
    ],
    [
      "a state changed after it was signed",
      () => ["--evidence", write("forged", { channel, state: { ...good, state: { ...good.state, net: 10n } } })],
      "wrong_signer",
    ],
    [
      "a malformed signature",
      () => ["--evidence", write("malformed", { channel, state: { ...good, userSignature: "0x1234" } })],
      "invalid_signature",
    ],
    [
      "the system's signature by another key",
      () => {
        const own = { signature: good.userSignature, proof: [] };
        return ["--evidence", write("own", { channel, state: { ...good, systemSignature: own } })];
      },
      "wrong_signer",
    ],
    [
      "locks that are not the note's",
      async () => {
        const lock: Lock = { index: 0n, hash: ZERO_HASH, amount: 5n, expiry: 9n };
        const note = await signedNote(world, { ...emptyNote(channelId(channel)), seq: 1n });
        return ["--evidence", write("locks-of-another", { channel, note, locks: [lock] })];
      },
      "invalid_proof",
    ],
    [
      "a preimage of no lock",
      () => ["--evidence", write("preimage", { channel, preimages: [ZERO_HASH] })],
      "invalid_input",
    ],
  ];
  for (const [what, options, code, details = {}] of cases) {
    it(`refuses ${what}: ${code}, and sends nothing`, async () => {
      const count = await transactionCount(world, INDEX);
      const report = await exitJson(world, INDEX, ["run", ...(await options())]);
      expect([report.code, report.error]).to.deep.equal([exitCodeOf(new StarledgerError(code)), code]);
      expect(report.details ?? {}).to.include(details);
      expect(await transactionCount(world, INDEX)).to.equal(count);
    });
  }

  it("refuses to send without a yes, and a key that is none, without repeating it", async () => {
    const count = await transactionCount(world, INDEX);
    const unasked = await exit(world, INDEX, ["close"]);
    expect([unasked.code, unasked.stdout]).to.deep.equal([5, ""]);
    expect(unasked.stderr).to.match(/Close humbly .*\ndeclined: /);
    const secret = `0x${"99".repeat(31)}zz`;
    const broken = await exit(world, INDEX, ["close", "--yes"], { STARLEDGER_USER_KEY: secret });
    expect([broken.code, broken.stdout]).to.deep.equal([1, ""]);
    expect(broken.stderr).to.include("invalid_input").and.not.include(secret);
    expect(await transactionCount(world, INDEX)).to.equal(count);
  });

  it("takes the key from a file instead, and needs none to look", async () => {
    const file = path.join(world.folder, "key");
    writeFileSync(file, `${world.node.privateKey(INDEX)}\n`);
    const none = { STARLEDGER_USER_KEY: "" };
    const { code, stdout } = await exit(world, INDEX, ["status", "--key-file", file], none);
    expect([code, stdout.includes(`Due to you  ${5n * WHOLE}`)]).to.deep.equal([0, true]);
    const looking = await exit(world, INDEX, ["status", "--user", channel.user], none);
    expect([looking.code, looking.stdout]).to.deep.equal([0, stdout]);
    const keyless = await exit(world, INDEX, ["close", "--user", channel.user, "--yes"], none);
    expect([keyless.code, keyless.stdout]).to.deep.equal([1, ""]);
    expect(keyless.stderr).to.include("invalid_input").and.include("key: missing");
  });

  it("names what is not possible now: nothing pending, closed twice", async () => {
    for (const command of ["challenge", "prove", "settle"]) {
      const report = await exitJson(world, INDEX, [command]);
      expect([report.code, report.error], command).to.deep.equal([1, "no_close_pending"]);
    }
    await exitJson(world, INDEX, ["close"]);
    const twice = await exitJson(world, INDEX, ["close"]);
    expect([twice.code, twice.error]).to.deep.equal([1, "channel_frozen"]);
    const nothing = await exitJson(world, INDEX, ["prove"]);
    expect([nothing.code, nothing.error]).to.deep.equal([1, "unknown_note"]);
  });
});
