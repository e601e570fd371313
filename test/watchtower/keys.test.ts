import { expect } from "chai";

import { openCourt, type Court } from "../../scripts/torture/watchtower/court";
import type { Hex } from "../../src/protocol";
import { afterTest } from "../helpers/afterTest";
import { SQLITE } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import { SignerProcess } from "../helpers/signerProcess";
import { callsOf, configOf, GAS_ACCOUNT, towerOn, until } from "./helpers";

describe("A watchtower whose gas key another process holds", () => {
  let court: Court;

  before(async () => {
    court = await openCourt();
  });
  after(() => court.node.stop());

  it("case 21: answers with it, says that it is not ready while it is away, and answers once it is back", async function () {
    const gasKey = court.node.privateKey(GAS_ACCOUNT) as Hex;
    const signer = await new SignerProcess(this, gasKey, { SIGNER_FOR: "transaction" }).start();
    const [chain] = configOf(court, "").chains;
    const tower = await towerOn(court, await SQLITE.fresh(this), {
      chains: [{ ...chain!, gasKeys: [signer.reference] }],
      keys: { passphrase: null, patience: 30_000 },
    });
    afterTest(this, () => tower.stop());
    expect(tower.tower.chains[0]!.address).to.equal(court.node.account(GAS_ACCOUNT).address.toLowerCase());
    const party = court.party("keys");
    await court.fund(party, 1_000n);
    await callsOf(court, party, tower.url).handOver({ state: court.state(party, { version: 2n, net: -1n }) });
    const standing = async () => (await court.hub.channel(party.key)).standingVersion;
    const readiness = async () => {
      const response = await fetch(new URL("/readyz", tower.url));
      return [response.status, ((await response.json()) as { code?: string }).code];
    };
    await until(court, async () => (await readiness())[0] === 200);

    await signer.kill();
    await court.cheat(party, court.state(party, { version: 1n, net: -9n }));
    const metrics = async (): Promise<string> => await (await fetch(new URL("/metrics", tower.url))).text();
    await until(court, async () => /troubles_total\{[^}]*code="signer_unavailable"\} [1-9]/.test(await metrics()));
    expect([await readiness(), await standing()]).to.deep.equal([[503, "signer_unavailable"], undefined]);

    await signer.start();
    await until(court, async () => (await standing()) === 2n);
  });

  it("does not start with one key twice, for its nonces would be confused", async () => {
    const [chain] = configOf(court, "").chains;
    const gasKeys = [chain!.gasKeys[0], chain!.gasKeys[0].toUpperCase().replace("0X", "0x")] as const;
    const starting = () => towerOn(court, "sqlite::memory:", { chains: [{ ...chain!, gasKeys }] });
    await expectError(starting, "invalid_configuration", { reason: "one gas key twice" });
  });
});
