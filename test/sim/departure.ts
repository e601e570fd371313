import { Random } from "../../scripts/torture/random";
import type { Address } from "../../src/protocol";
import { pick } from "./pick";
import { deliverAll } from "./arrive";
import { passTime } from "./clock";
import { accuse, agree, closeFromBackup, leave, untilDone } from "./closes";
import type { Customer } from "./customer";
import { AWAY } from "./hostile/escape";
import type { Stage } from "./stage";
import { Violation } from "./violation";
import type { World } from "./world";

/** How a channel ends: by the user, by one who may have lost something, or has for a while, by agreement, by a system that may cheat. */
const WAYS = ["ordinarily", "humbly", "from a backup", "agreed", "accused"] as const;
/** How often it is a system that may cheat, where a watchtower must answer alone. */
const WATCHED = 0.6;
/** Rounds in which everybody must be gone (property 9). */
const ROUNDS = 60;
const HOUR = 3_600;
/** Seconds from block to block: nothing is in a hurry any more. */
const BLOCK = 300;

/**
 * Everybody leaves by the chain, and has all that it is due then.
 * @param due what everybody had left to get, or has
 * @throws Violation
 */
export async function departure(world: World, due: ReadonlyMap<Address, bigint>): Promise<void> {
  const random = new Random(`${world.stage.seed} departure`);
  const leaving = new Set(world.customers);
  const accused = new Set<Address>();
  // Nobody starts them again from here on.
  for (const { life } of [...world.systems, ...world.customers]) life.spare();
  // It is started again when a close that it has missed is final.
  if (random.chance(0.5)) world.tower.crash();
  for (const customer of world.customers) {
    const way = customer.tower !== undefined && random.chance(WATCHED) ? "accused" : pick(WAYS, random);
    if (way === "accused") accused.add(customer.address);
    void part(world, customer, way, random).finally(() => leaving.delete(customer));
  }
  for (let round = 0; leaving.size > 0; round++) {
    if (round === ROUNDS)
      throw new Violation(`property 9: ${[...leaving].map(({ name }) => name).join()} cannot leave`);
    await passTime(world, HOUR / 2, BLOCK);
    await deliverAll(world);
    if (world.stage.violation !== undefined) throw world.stage.violation;
  }
  for (const { name, address } of world.customers) {
    const [got, least] = [await world.tokensOf(address), due.get(address)!];
    // What a system closes with that pays the user more is its own loss.
    const isRight = accused.has(address) ? got >= least : got === least;
    if (!isRight) throw new Violation(`property 2: ${name} left with ${got}, not ${least}`);
  }
}

async function part(world: World, customer: Customer, way: (typeof WAYS)[number], random: Random): Promise<void> {
  const { stage } = world;
  stage.count(`leaves: ${way}`);
  try {
    if (way === "accused") {
      await customer.hub.node.mined(await accuse(world, customer, random));
      if (customer.tower !== undefined) await stayAway(stage, customer);
    }
    if (way === "from a backup") await customer.hub.node.mined(await closeFromBackup(stage, customer, random));
    if (way === "agreed") await agree(stage, customer);
    await untilDone(() => leave(stage, customer, way !== "humbly" && way !== "from a backup"));
  } catch (error) {
    stage.blame(`${customer.name} leaves, ${way}: ${String((error as Error).stack)}`);
  }
}

/** Only its watchtower is there to answer: the service settles before the user is back. */
async function stayAway(stage: Stage, customer: Customer): Promise<void> {
  customer.life.end("and stays away");
  await new Promise((resolve) => setTimeout(resolve, 1_000 * Number(AWAY)));
  await customer.start();
  const { epoch } = await customer.hub.channel(customer.channel);
  if (epoch > customer.channel.epoch) stage.count("settled while the user is away");
}
