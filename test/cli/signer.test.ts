import { expect } from "chai";

import { openCourt, type Court, type Party } from "../../scripts/torture/watchtower/court";
import { answered } from "../../src/chain";
import { StarledgerError } from "../../src/errors";
import { addressOf, digest, domainSeparator, hashState, keccakText, sign, type Hex } from "../../src/protocol";
import { expectError } from "../helpers/errors";
import { starledger, stopped } from "./helpers/cli";

const PERIOD = 25n * 86_400n + 1n;

describe("CLI: the keys that sign for a system, on a real node", () => {
  let court: Court;
  /** The key that signs for the court's system, as it leaked, and the one after it. */
  let leaked: string;
  const freshKey = keccakText("starledger fresh signer") as Hex;
  const fresh = addressOf(freshKey);

  before(async () => {
    court = await openCourt();
    leaked = addressOf(keccakText("starledger court signer"));
  });
  after(() => court.node.stop());

  const run = async (...words: string[]) => {
    const chain = ["--hub", court.domain.hub, "--rpc", court.node.url];
    const outcome = await starledger(["signer", ...words, ...chain], { STARLEDGER_USER_KEY: court.node.privateKey(0) });
    // It has sent from the court's own account.
    court.forget();
    return outcome;
  };
  const data = async (...words: string[]) => {
    const { code, stdout } = await run(...words, "--json");
    return { code, ...(JSON.parse(stdout) as { signs: boolean; retirement: object | null; error?: string }) };
  };
  const show = (signer: string) => data("show", signer, "--system", court.system);
  const said = (signer: string, signs: boolean, retirement: object | null = null) => ({
    ...{ code: 0, system: court.system, signer, signs, retirement },
  });
  /** A customer with a state that the leaked key has signed, and the same state as another signs it: the fresh one unless given. */
  async function customer(name: string, other = freshKey) {
    const party = court.party(`signers ${name}`);
    await court.fund(party, 1_000n);
    const old = court.state(party, { version: 1n, net: -100n });
    const signature = sign(digest(domainSeparator(court.domain), hashState(old.state)), other);
    return { party, old, anew: { ...old, systemSignature: { signature, proof: [] } } };
  }
  const isClosing = async ({ key }: Party) => (await court.hub.channel(key)).closing;

  it("case 33: neither the system's own key nor one that pays for its gas signs for it: the hub refuses what they sign", async () => {
    for (const account of [0, 9]) {
      const key = court.node.privateKey(account).toLowerCase() as Hex;
      expect((await show(addressOf(key))).signs).to.equal(false);
      const { party, anew } = await customer(`account ${account}`, key);
      await expectRefused(() => court.leave(party, anew, false));
    }
  });

  it("case 33: a leaked key is rotated: another signs at once, and it itself no more after the notice, which customers leave in", async () => {
    const [alice, bob, carol] = [await customer("alice"), await customer("bob"), await customer("carol")];
    expect([await show(leaked), await show(fresh)]).to.deep.equal([said(leaked, true), said(fresh, false)]);
    await expectRefused(() => court.leave(bob.party, bob.anew, false));

    expect(await data("add", fresh, "--yes")).to.deep.equal(said(fresh, true));
    await court.leave(bob.party, bob.anew, false);

    const announced = await data("retire", leaked, "--yes");
    const from = (await court.time()) + PERIOD;
    const retirement = { from: `${from}`, until: `${from + PERIOD}` };
    expect([announced, await show(leaked)]).to.deep.equal([
      said(leaked, true, retirement),
      said(leaked, true, retirement),
    ]);
    const early = await run("retire", leaked, "--yes");
    const details = { now: `${await court.time()}`, from: `${from}` };
    expect(early).to.deep.equal(stopped(6, new StarledgerError("not_yet", details)));
    await court.leave(alice.party, alice.old, false);

    await court.node.pass(PERIOD);
    expect(await data("retire", leaked, "--yes")).to.deep.equal(said(leaked, false));
    await expectRefused(() => court.leave(carol.party, carol.old, false));
    await court.leave(carol.party, carol.anew, false);
    expect(await Promise.all([alice, bob, carol].map(({ party }) => isClosing(party)))).to.deep.equal([
      true,
      true,
      true,
    ]);
    expect((await data("retire", leaked, "--yes")).error).to.equal("unregistered_signer");
  });

  it("sends nothing without a yes, or for a key that signs already; a notice that lapsed is given anew", async () => {
    const other = addressOf(keccakText("starledger other signer"));
    const declined = await run("add", other);
    expect([declined.code, declined.stderr.split("\n")[0]]).to.deep.equal([
      5,
      `Let ${other} sign for ${court.system}, at once`,
    ]);
    expect((await show(other)).signs).to.equal(false);
    await data("add", other, "--yes");
    const blocks = await court.node.provider.getBlockNumber();
    expect(await data("add", other)).to.deep.equal(said(other, true));
    expect(await court.node.provider.getBlockNumber()).to.equal(blocks);

    await data("retire", other, "--yes");
    await court.node.pass(2n * PERIOD);
    expect(await show(other)).to.deep.equal(said(other, true));
    const { retirement } = await data("retire", other, "--yes");
    expect(retirement).to.include({ from: `${(await court.time()) + PERIOD}` });
    await data("add", fresh, "--yes");
    const replacing = await run("retire", fresh);
    expect(replacing.stderr.split("\n")[0]).to.equal(
      `Announce that ${fresh} is not to sign for ${court.system} any more, and not ${other}`,
    );
  });

  /** The hub takes no signature of a key that is not a signer. */
  const expectRefused = async (act: () => Promise<void>): Promise<void> => {
    const { details } = await expectError(() => answered(act()), "transaction_failed");
    expect(details["error"]).to.equal("Hub_InvalidSystemSignature");
  };
});
