import type { Address } from "../../../src/protocol";
import { passTime } from "../clock";
import type { Customer } from "../customer";
import { backUp, loseDisk } from "../loss/disk";
import type { World } from "../world";
import { byCustomer, type Action } from "./action";

/** Seconds from block to block while everybody waits. */
const BLOCK = 300;

/** Loss of the data of a system that is alone on its machine, and what everybody does about it (S7). */
export const LOSS = {
  backUp: {
    weight: ({ systems }) => (systems.length === 1 ? 0.5 : 0),
    perform: async (world) => {
      await world.quiet(backUp(world));
      return "of the disk";
    },
  },
  loseDisk: {
    weight: ({ backups }) => (backups.isEmpty ? 0 : 0.06),
    perform: async (world, random) => {
      const backup = world.backups.any(random);
      await world.quiet(loseDisk(world, backup));
      world.stage.count("the disk is lost");
      return `nothing is left after event ${[...backup.lastEvents.values()].join(" and ")}`;
    },
  },
  catchUp: whileLost(
    byCustomer(1, (customer) => {
      customer.catchUp();
      return "asks what the service has of it";
    }),
  ),
  wait: whileLost({
    weight: () => 2,
    perform: async (world, random) => {
      const seconds = random.between(300, 1_800);
      await passTime(world, seconds, BLOCK);
      return `${seconds} s`;
    },
  }),
  rewind: {
    weight: (world) => (rewindable(world) === undefined ? 0 : 0.5),
    perform: async (world, random) => {
      const customer = rewindable(world)!;
      await world.quiet(customer.rewind(random));
      world.stage.orders.giveUp(customer.address);
      world.stage.count("a user shows what it had before");
      return customer.name;
    },
  },
} as const satisfies Record<string, Action>;

/** Whether an account has yet to begin anew. */
function isLost(world: World, account: Address): boolean {
  const { system } = world.accounts.find(({ address }) => address === account)!;
  const channel = system.service?.channelOf(account, world.token);
  return (channel?.freeze?.lost ?? null) !== null;
}

/** A hostile user of whom the service has lost data, and who may show anything that it ever had. */
function rewindable(world: World): Customer | undefined {
  return world.customers.find((one) => one.isHostile && one.isAlive && isLost(world, one.address));
}

/** While anybody who takes part waits. */
function whileLost(action: Action): Action {
  const isPresent = ({ gone }: World, account: Address) => gone.every(({ address }) => address !== account);
  const isAny = (world: World) =>
    world.accounts.some(({ address }) => isPresent(world, address) && isLost(world, address));
  return { ...action, weight: (world) => (isAny(world) ? action.weight(world) : 0) };
}
