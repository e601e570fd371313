import { timed } from "../measure/timed";
import { prepared } from "../measure/made";
import { direct } from "../scenarios/direct";
import { World } from "../scenarios/world";
import { inProcess } from "../transports/transport";
import { openStore } from "../../src/store";
import { withFreshFile } from "./freshFile";

/** Direct transfers: some before; so many that are measured that the garbage of a million accounts is collected as often as it is in the long run. */
const [WARM_UP, PAYMENTS] = [4_000, 120_000];

/** What opening, keeping, paying and starting again cost with so many accounts of one's own custody. */
export function accountsAt(accounts: number) {
  return withFreshFile(async (file) => {
    const store = await openStore(`sqlite:${file}`);
    const world = await World.start(store, "self", accounts);
    const empty = process.memoryUsage().rss;
    const { took: opening } = await timed(() => world.open(accounts));
    const { took: funding } = await timed(() => world.fund());
    const bytes = process.memoryUsage().rss - empty;
    const way = inProcess(world.service);
    await (
      await prepared(way, direct.plan(world, WARM_UP))
    )(() => "max");
    const paid = await (await prepared(way, direct.plan(world, PAYMENTS)))(() => "max");
    await world.service.stop();
    const { took: start } = await timed(() => world.startAgain());
    await store.close();
    return {
      ...{ growth: "accounts", accounts, openSeconds: Math.round(opening.seconds) },
      openMicros: Math.round(opening.micros / accounts),
      fundMicros: Math.round(funding.micros / accounts),
      bytesPerAccount: Math.round(bytes / accounts),
      paymentMicros: Math.round(paid.micros / PAYMENTS),
      paymentsPerSecond: Math.round(paid.tps),
      startMicros: Math.round(start.micros / accounts),
      startSeconds: Math.round(10 * start.seconds) / 10,
    };
  });
}
