import { Random } from "../../scripts/torture/random";
import type { World } from "./world";

/** Chance that always decides for the first. */
const IN_ORDER = Object.assign(new Random(""), { next: () => 0 });

/** Everything arrives, in its order. */
export async function deliverAll(world: World): Promise<void> {
  const { network } = world.stage;
  await world.quiet();
  while (network.size > 0) {
    network.take(IN_ORDER)?.deliver();
    await world.quiet();
  }
  network.timeOutAll();
  await world.quiet();
}
