import path from "node:path";

import { expect } from "chai";

import { rawChecks } from "../../bench/measure/rawChecks";
import { prepared } from "../../bench/measure/made";
import { hosted } from "../../bench/scenarios/hosted";
import { World } from "../../bench/scenarios/world";
import { overNetwork } from "../../bench/transports/network";
import { openStore } from "../../src/store";
import { temporaryFolder } from "../helpers/temporaryFolder";

describe("The bench from source, as the tests load it", () => {
  it("checks signatures in threads of its own", async () => {
    const { perSecond, micros } = await rawChecks(100);
    expect(perSecond).to.be.greaterThan(0);
    expect(micros).to.be.greaterThan(0);
  });

  it("makes requests from a process of its own", async function () {
    const store = await openStore(`sqlite:${path.join(temporaryFolder(this), "ledger.db")}`);
    const world = await World.start(store, "hosted", 2);
    await world.open(2);
    await world.fund();
    const way = await overNetwork(world.service, "http");
    const payments = await prepared(way, hosted.plan(world, 10));
    const { latencies } = await payments(() => "max");
    await way.close();
    await world.service.stop();
    await store.close();
    expect(latencies).to.have.length(10);
  });
});
