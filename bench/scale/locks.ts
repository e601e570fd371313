import { hashOfPreimage, keccakText, ZERO_HASH, type Address, type Hash } from "../../src/protocol";
import type { Request } from "../../src/service";
import { openStore } from "../../src/store";
import { timed } from "../measure/timed";
import { World } from "../scenarios/world";
import { withFreshFile } from "./freshFile";

/** Locks that each measurement is of, beside those that are pending. */
const SOME = 100;
/** Seconds. */
const [LIFETIME, SOON] = [60_000n, 20_000n];

/** What adding, claiming, folding and letting expire a lock costs with so many others pending between the same two accounts. */
export function locksAt(pending: number) {
  return withFreshFile(async (file) => {
    const store = await openStore(`sqlite:${file}`);
    const world = await World.start(store, "hosted", 2, { maxCount: 2 * (pending + 3 * SOME) });
    await world.open(2);
    await world.fund();
    const { service, token } = world;
    const [from, to] = world.addresses as [Address, Address];
    let made = 0;
    const lock = (lifetime: bigint): { readonly preimage: Hash; readonly request: Request } => {
      const preimage = keccakText(`preimage ${(made += 1)}`);
      const expiry = service.time + lifetime;
      const terms = { token, amount: 1n, hash: hashOfPreimage(preimage), expiry, reference: ZERO_HASH };
      return { preimage, request: { type: "lockHosted", from, to, ...terms } };
    };
    const add = async (count: number, lifetime: bigint): Promise<Hash[]> => {
      const locks = Array.from({ length: count }, () => lock(lifetime));
      await Promise.all(locks.map(({ request }) => service.submit(request)));
      return locks.map(({ preimage }) => preimage);
    };
    await add(SOME, LIFETIME);
    for (let left = pending - SOME; left > 0; left -= 1_000) await add(Math.min(left, 1_000), LIFETIME);
    const adding = await timed(() => add(SOME, LIFETIME));
    const claiming = await timed(() =>
      Promise.all(adding.result.map((preimage) => service.submit({ type: "reveal", preimage }))),
    );
    const folding = await timed(() => service.foldHosted());
    const short = service.time + SOON;
    await add(SOME, SOON);
    const expiring = await timed(() => service.submit({ type: "observeChain", finalTime: short, registered: [] }));
    await service.stop();
    const starting = await timed(() => world.startAgain());
    await store.close();
    const each = ({ took }: { readonly took: { readonly micros: number } }) => Math.round(took.micros / SOME);
    return {
      ...{ growth: "locks", pending, addMicros: each(adding), claimMicros: each(claiming) },
      ...{ foldMicros: each(folding), expireMicros: each(expiring) },
      startMicrosPerLock: Math.round(starting.took.micros / (pending + SOME)),
    };
  });
}
