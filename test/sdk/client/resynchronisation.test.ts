import { expect } from "chai";

import { ZERO_HASH } from "../../../src/protocol";
import { clientOf, clientOptions, startTown, type Town } from "../../helpers/clients";
import { expectError } from "../../helpers/errors";

describe("S7 over HTTP, on a real node", () => {
  let town: Town;

  before(async () => {
    town = await startTown();
  });
  after(() => town.stop());

  it("a client whose records are lost begins anew with the service when a challenge period is final, and can leave with that", async function () {
    const { points: token, world } = town;
    const { account: merchant } = await world.service.submit({ type: "openHostedAccount", tokens: [token] });
    const first = await clientOf(this, town, 4);
    await first.open(token);
    await world.service.submit({ type: "issue", account: first.account, token, amount: 100n, reference: ZERO_HASH });
    await first.sync(token);
    await first.pay({ to: merchant!, token, amount: 30n });
    await first.stop();

    const client = await clientOf(this, town, 4, await clientOptions(this, town, 4));
    await expectError(() => client.resynchronise(token, { lost: true }), "resynchronising");
    await expectError(() => client.pay({ to: merchant!, token, amount: 1n }), "resynchronising");
    await expectError(() => client.resynchronise(token, { lost: true }), "resynchronising");
    await world.node.pass(world.service.asset(token).settings.challengePeriod + 60n);
    await expectError(() => client.resynchronise(token), "resynchronising");
    const { timestamp } = (await world.node.provider.getBlock("finalized"))!;
    await world.service.noteFinal(BigInt(timestamp));
    await client.resynchronise(token);
    expect((await client.balance(token)).balance).to.equal(70n);
    await client.pay({ to: merchant!, token, amount: 1n });
    const { version } = world.service.channelOf(client.account, token)!.state;
    expect((version - 1n) % 2n ** 30n).to.equal(0n);
    const events = client.exit(token);
    const begun = await events.next();
    expect(begun.value).to.have.property("type", "next");
    const sent = await events.next();
    expect(sent.value).to.have.nested.property("sent.step", "close");
  });
});
