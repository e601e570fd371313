import { expect } from "chai";

import { addressOf, digest, hashState, keccakText, sign, type Hex } from "../../src/protocol";
import { localKey } from "../../src/signer";
import { onEachDatabase, openTestStore } from "../helpers/databases";
import { expectError } from "../helpers/errors";
import {
  COIN,
  freshService,
  issue,
  listAssets,
  NOW,
  openHosted,
  openWallet,
  person,
  POINTS,
  SEPARATOR,
  SETTINGS,
  SIGNER_KEY,
  startService,
  SYSTEM,
} from "../helpers/service";

const PERIOD = SETTINGS.challengePeriod;
const UNTIL = NOW + PERIOD;
const LATER_KEY = keccakText("the signer after the next rotation") as Hex;

onEachDatabase("S7: a loss of data that was declared", (database) => {
  const common = { system: SYSTEM, decimals: 18, allotment: 1_000n, limit: 1_000n };

  it("S7: holds for assets that are listed later, by their own period, and after another start", async function () {
    const { service: lost, store } = await freshService(this, undefined, database);
    await lost.stop();
    await store.losses.declare(SYSTEM, NOW);
    const later = { ...common, settings: { ...SETTINGS, challengePeriod: 9n * PERIOD } };
    for (const [i, since] of [NOW, NOW + 5n].entries()) {
      const service = await startService(store);
      const token = `0x${`7${i}`.repeat(20)}` as typeof POINTS;
      await service.submit({ type: "addAsset", asset: { ...later, token } });
      const { address } = person(`alice${i}`);
      await service.submit({ type: "openAccount", address, tokens: [POINTS, token] });
      expect([POINTS, token].map((of) => service.channelOf(address, of)?.freeze?.lost)).to.deep.equal([
        since + PERIOD,
        since + 9n * PERIOD,
      ]);
      await expectError(() => issue(service, address, 1n), "resynchronising");
      // The chain is ahead of the clock by which the loss was declared.
      await service.noteFinal(NOW + 5n);
      await service.stop();
    }
  });

  it("S7: holds for the first asset that is ever listed", async function () {
    const store = await openTestStore(this, await database.fresh(this));
    await store.losses.declare(SYSTEM, NOW);
    const service = await startService(store);
    await service.noteFinal(NOW);
    await listAssets(service);
    const { address } = person("alice");
    await service.submit({ type: "openAccount", address, tokens: [POINTS] });
    await expectError(() => issue(service, address, 1n), "resynchronising", { until: UNTIL });
  });

  it("S7: counts from the chain's time where that is ahead of the clock, from the first final block that was seen on", async function () {
    const { service: lost, store } = await freshService(this, undefined, database);
    const { address } = person("alice");
    await lost.submit({ type: "openAccount", address, tokens: [POINTS] });
    await openHosted(lost, "bob");
    await lost.stop();
    await store.losses.declare(SYSTEM, NOW - 10n * PERIOD);
    const service = await startService(store);
    const { account: fresh } = await service.submit({ type: "openHostedAccount", tokens: [POINTS] });
    const { id } = service.channelOf(address, POINTS)!;
    for (const finalTime of [NOW, UNTIL]) {
      await service.noteFinal(finalTime);
      await expectError(() => service.outset(id, { state: null, note: null }), "resynchronising", { until: UNTIL });
    }
    await service.stop();
    const again = await startService(store);
    await again.noteFinal(UNTIL);
    await expectError(() => again.outset(id, { state: null, note: null }), "resynchronising", { until: UNTIL });
    await again.noteFinal(UNTIL + 1n);
    expect(await again.outset(id, { state: null, note: null })).to.deep.equal({
      outgoing: [],
      incoming: [],
      time: UNTIL + 1n,
    });
    expect(again.resynchronising).to.equal(3);
    // Whose key was made after the loss has nothing to wait for.
    expect(again.channelOf(fresh!, POINTS)?.freeze).to.equal(null);
    expect(again.channelOf(person("bob").address, COIN)?.freeze?.lost).to.equal(UNTIL);
  });

  it("S7: what was signed before a change of signer counts as long as the hub has the earlier one", async function () {
    const { service: before, store } = await freshService(this, undefined, database);
    const bob = await openHosted(before, "bob");
    const alice = await openWallet(this, before, "alice");
    await issue(before, alice.address, 100n);
    await alice.arrived();
    await alice.wallet.pay(bob, 30n, keccakText("a mark"));
    await before.stop();
    await store.losses.declare(SYSTEM, NOW);
    const onHub = new Set([addressOf(SIGNER_KEY)]);
    const isSigner = (signer: string) => Promise.resolve(onHub.has(signer as typeof SYSTEM));
    const service = await startService(store, { signer: localKey(LATER_KEY), isSigner });
    await service.noteFinal(NOW);
    await service.noteFinal(UNTIL + 1n);
    const { state, locks: outgoing, signature: userSignature, systemSignature } = alice.wallet.complete!;
    const shown = { state: { state, outgoing, userSignature, systemSignature }, note: null };
    expect(await service.outset(alice.wallet.id, shown)).to.have.property("time", UNTIL + 1n);
    const proposal = { ...state, version: 2n };
    const signature = sign(digest(SEPARATOR, hashState(proposal)), alice.key);
    const request = { type: "resynchronise", shown, time: UNTIL + 1n, proposal, signature } as const;
    await expectError(() => service.submit(request), "state_mismatch");
    onHub.clear();
    for (const ask of [() => service.outset(alice.wallet.id, shown), () => service.submit(request)]) {
      await expectError(ask, "wrong_signer", { got: addressOf(SIGNER_KEY) });
    }
  });
});
