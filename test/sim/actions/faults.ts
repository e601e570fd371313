import type { Random } from "../../../scripts/torture/random";
import { passTime } from "../clock";
import type { Customer } from "../customer";
import type { Doom } from "../life";
import type { World } from "../world";
import { byCustomer, type Action } from "./action";
import { pick } from "../pick";

const up = ({ systems }: World) => systems.filter(({ service }) => service !== undefined);
const down = ({ systems }: World) => systems.filter(({ service, isAway }) => service === undefined && !isAway);
const doomable = (world: World) => up(world).filter(({ life }) => !life.isDoomed);
/** What systems owe each other they claim on time only if one of them is led: an operator none of whose processes runs loses that. */
const isAttended = (world: World) => world.systems.length === 1 || up(world).length > 0;
const whileUp = (often: number) => (world: World) => (up(world).length > 0 ? often : 0);

/** Time, and what ends and begins with it: blocks, processes. */
export const FAULTS = {
  time: {
    weight: (world) => (isAttended(world) ? 5 : 0),
    perform: async (world, random) => {
      const seconds = random.chance(0.2) ? random.between(60, 1_200) : random.between(1, 30);
      await passTime(world, seconds);
      return `${seconds} s`;
    },
  },
  crashService: {
    weight: whileUp(0.6),
    perform: (world, random) => {
      const system = pick(up(world), random);
      system.crash(diesAlone(world, random));
      return `at once, the ${system.name}`;
    },
  },
  doomService: {
    weight: (world) => doomable(world).length,
    perform: (world, random) => {
      const system = pick(doomable(world), random);
      const doom = { ...doomOf(random, 4), isAlone: diesAlone(world, random) };
      system.dooms(doom);
      return `${doom.how} write ${doom.write} of the ${system.name}`;
    },
  },
  startService: {
    weight: (world) => 8 * down(world).length * world.systems.length,
    perform: async (world, random) => {
      const system = pick(down(world), random);
      await world.quiet(system.start());
      return `again, the ${system.name}`;
    },
  },
  restartService: {
    weight: whileUp(0.2),
    perform: async (world, random) => {
      const system = pick(up(world), random);
      await world.quiet(system.restart());
      return `in order, the ${system.name}`;
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
    perform: async (world, random) => {
      const system = pick(up(world), random);
      await world.quiet(system.takeOver());
      world.stage.count("another process takes over");
      return `of the ${system.name} by another process`;
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

/** A process dies with its machine or, where another is on that, as often alone. */
function diesAlone({ systems }: World, random: Random): boolean {
  return systems.length > 1 && random.chance(0.5);
}

function doomOf(random: Random, writes: number): Doom {
  const how = pick(["before", "within", "after"] as const, random);
  return { write: random.between(1, writes), how, share: random.next() };
}
