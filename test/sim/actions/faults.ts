import type { Random } from "../../../scripts/torture/random";
import { passTime } from "../clock";
import type { Customer } from "../customer";
import type { Doom } from "../life";
import type { World } from "../world";
import { byCustomer, type Action } from "./action";
import { pick } from "../pick";

const whileUp = (often: number) => (world: World) => (world.system.service === undefined ? 0 : often);

/** Time, and what ends and begins with it: blocks, processes. */
export const FAULTS = {
  time: {
    weight: () => 5,
    perform: async (world, random) => {
      const seconds = random.chance(0.2) ? random.between(60, 1_200) : random.between(1, 30);
      await passTime(world, seconds);
      return `${seconds} s`;
    },
  },
  crashService: {
    weight: whileUp(0.6),
    perform: ({ system }) => {
      system.crash();
      return "at once";
    },
  },
  doomService: {
    weight: ({ system }) => (system.service === undefined || system.life.isDoomed ? 0 : 1),
    perform: ({ system }, random) => {
      const doom = doomOf(random, 4);
      system.dooms(doom);
      return `${doom.how} write ${doom.write}`;
    },
  },
  startService: {
    weight: ({ system }) => (system.service === undefined ? 8 : 0),
    perform: async (world) => {
      await world.quiet(world.system.start());
      return "again";
    },
  },
  restartService: {
    weight: whileUp(0.2),
    perform: async (world) => {
      await world.quiet(world.system.restart());
      return "in order";
    },
  },
  crashTower: {
    weight: ({ tower }) => (tower.isAlive ? 0.4 : 0),
    perform: ({ tower }) => {
      tower.crash();
      return "at once";
    },
  },
  doomTower: {
    weight: ({ tower }) => (!tower.isAlive || tower.life.isDoomed ? 0 : 0.6),
    perform: ({ tower }, random) => {
      const doom = doomOf(random, 4);
      tower.dooms(doom);
      return `${doom.how} write ${doom.write}`;
    },
  },
  startTower: {
    weight: ({ tower }) => (tower.isAlive ? 0 : 2),
    perform: async (world) => {
      await world.quiet(world.tower.start());
      return "again";
    },
  },
  takeOver: {
    weight: whileUp(0.3),
    perform: async (world) => {
      await world.quiet(world.system.takeOver());
      world.stage.count("another process takes over");
      return "by another process";
    },
  },
  crashWallet: byCustomer(0.6, (customer) => {
    customer.life.end();
    return "at once";
  }),
  doomWallet: byCustomer(1.5, (customer, _, random) => {
    const doom = doomOf(random, 3);
    customer.dooms(doom);
    return `${doom.how} write ${doom.write}`;
  }),
  startWallet: {
    weight: (world) => (startable(world).length === 0 ? 0 : 6),
    perform: async (world, random) => {
      const customer = pick(startable(world), random);
      await world.quiet(customer.start());
      return customer.name;
    },
  },
} as const satisfies Record<string, Action>;

function startable({ customers }: World): Customer[] {
  return customers.filter(({ isAlive, isAway }) => !isAlive && !isAway);
}

function doomOf(random: Random, writes: number): Doom {
  const how = pick(["before", "within", "after"] as const, random);
  return { write: random.between(1, writes), how, share: random.next() };
}
