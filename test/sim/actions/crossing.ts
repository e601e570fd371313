import { StarledgerError } from "../../../src/errors";
import { channelId, type LockOrder, type Route } from "../../../src/protocol";
import { passMoment } from "../clock";
import { immortal } from "../life";
import { pick } from "../pick";
import { MARGIN } from "../stage";
import type { System } from "../system";
import type { World } from "../world";
import { amountOf, type Action } from "./action";

/** Seconds for which nobody leads a system at most: well within a challenge period, and longer than a transfer may be under way. */
const AWAY = 3_000;

/** Those that nobody need lead for long, while another is led. */
function dispensable({ systems }: World): readonly System[] {
  if (systems.some(({ service }) => service === undefined) || systems.length === 1) return [];
  return systems.filter((system) => dispensableFor(system) > AWAY / 3);
}

/** Seconds until a system must register what a payer has not folded: if nobody leads it then, it has paid for nothing. */
function dispensableFor({ service, time }: System): number {
  const settled = [...service!.openHtlcs()].filter(({ status }) => status === "settled");
  return Math.min(AWAY, ...settled.map(({ outgoing }) => Number(outgoing.expiry - MARGIN - time)));
}

const whereTwo = (often: number) => (world: World) => (world.systems.length > 1 ? often : 0);

/** What only two systems can come to. */
export const CROSSING = {
  /** Just so long that who brings payments on does so, of one system or of both. */
  moment: {
    weight: whereTwo(5),
    perform: async (world, random) => {
      const milliseconds = random.between(50, 300);
      await passMoment(world, milliseconds);
      return `${milliseconds} ms`;
    },
  },
  abandon: {
    weight: (world) => (dispensable(world).length > 0 ? 0.3 : 0),
    perform: (world, random) => {
      const system = pick(dispensable(world), random);
      const seconds = random.between(AWAY / 3, dispensableFor(system));
      system.abandon(BigInt(seconds));
      world.stage.count("nobody leads a system for long");
      return `the ${system.name} for ${seconds} s`;
    },
  },
  sendUnlocked: {
    weight: (world) => (world.systems.length > 1 && world.customers.some(({ isHostile }) => isHostile) ? 0.7 : 0),
    perform: (world, random) => {
      const { stage, accounts } = world;
      const hostile = world.customers.find(({ isHostile }) => isHostile)!;
      const { system, channel } = hostile;
      const { address: to } = pick(
        accounts.filter((one) => one.system !== system),
        random,
      );
      const [reference, nonce] = [stage.randomHash(), stage.randomHash()];
      const order: LockOrder = { type: "transfer", to, amount: amountOf(random), reference, nonce };
      const id = channelId(channel);
      const forger = immortal("forger", stage.outside);
      const send = async (): Promise<void> => {
        const find = () => system.ask("findRoute", { id, order }) as Promise<Route> | undefined;
        const route = await stage.network.call(forger, "asks for a way that it will not pay for", find);
        const ask = () => system.ask("sendRoute", { id, order, route });
        await stage.network.call(forger, "a payment to the other system that it has not locked", ask);
      };
      send().then(
        () => stage.blame(`S2: ${system.name} sends on what nobody has locked`),
        (error: unknown) => {
          if (error instanceof StarledgerError && error.code !== "internal")
            return stage.say(`not sent: ${error.code}`);
          stage.blame(`what nobody has locked is not sent on: ${String(error)}`);
        },
      );
      stage.count("a user has sent on what it has not locked");
      return `${order.amount} to ${to}`;
    },
  },
} as const satisfies Record<string, Action>;
