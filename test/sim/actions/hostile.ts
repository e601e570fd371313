import { StarledgerError } from "../../../src/errors";
import { hashOfPreimage } from "../../../src/protocol";
import { registerCall } from "../../../src/sdk/chain/calls";
import { Random } from "../../../scripts/torture/random";
import { accuse, cheat } from "../closes";
import type { Customer } from "../customer";
import { forged } from "../hostile/forgery";
import { immortal } from "../life";
import type { World } from "../world";
import { type Action } from "./action";
import { pick } from "../pick";

/** States that somebody has completed before there is anything to cheat with. */
const ENOUGH = 4n;

const hasPast = ({ isAlive, past }: Customer): boolean => isAlive && past.version > ENOUGH;
const ofHostile = ({ customers }: World): Customer | undefined => customers.find(({ isHostile }) => isHostile);
const open = ({ escapes }: World) => escapes.filter(({ isOver }) => !isOver);
const whileOpen = (often: number) => (world: World) => (open(world).length > 0 ? often : 0);

/** What a dishonest user, a dishonest system and a dishonest stranger do. */
export const HOSTILE = {
  cheat: {
    weight: (world) => (world.customers.some((one) => one.isHostile && hasPast(one)) ? 0.3 : 0),
    perform: async (world, random) => {
      const cheating = ofHostile(world)!;
      await world.quiet(cheat(world.stage, cheating, random).catch((error: unknown) => world.stage.say(String(error))));
      world.stage.count("a user closes with what it likes");
      return cheating.name;
    },
  },
  forge: {
    weight: (world) => (ofHostile(world)?.lastSent === undefined ? 0 : 2),
    perform: (world, random) => {
      const { stage } = world;
      const { lastSent, key, system } = ofHostile(world)!;
      const forgery = forged(lastSent!, { key, domain: system.domain, random });
      if (forgery === undefined) return "nothing";
      const { lie, request } = forgery;
      const ask = () => system.ask("submitState", request);
      stage.network.call(immortal("forger", stage.outside), `a state that ${lie}`, ask).then(
        () => stage.blame(`S2: the service completes a state that ${lie}`),
        (error: unknown) => {
          if (!(error instanceof StarledgerError) || error.code === "internal")
            stage.blame(`a state that ${lie}: ${String(error)}`);
          else stage.say(`a state that ${lie}: ${error.code}`);
        },
      );
      stage.count("a user forges a state");
      return lie;
    },
  },
  publish: {
    weight: (world) => ((ofHostile(world)?.past.preimages.length ?? 0) > 0 ? 0.7 : 0),
    perform: async (world, random) => {
      const { stranger, stage } = world;
      const { past, system } = ofHostile(world)!;
      const preimage = pick(past.preimages.slice(-6), random);
      stage.orders.show(hashOfPreimage(preimage));
      await world.quiet(stranger.sends(registerCall(system.deployed.registry, [preimage])));
      stage.count("a payee shows a preimage to the chain alone");
      return "a preimage";
    },
  },
  copy: {
    weight: () => 1.5,
    perform: async ({ stranger, stage }, random) => {
      const copied = await stage.outside.quiet(stranger.copies(random).catch((error: unknown) => String(error)));
      if (copied !== undefined) stage.count("a stranger copies a transaction");
      return copied ?? "nothing to copy";
    },
  },
  betray: {
    weight: (world) => (open(world).length === 0 && world.customers.some(isFit) ? 0.2 : 0),
    perform: (world, random) => {
      const victim = pick(world.customers.filter(isFit), random);
      world.betray(victim, new Random(`${world.stage.seed} against ${victim.name}`));
      world.stage.count("the system turns against a user");
      return victim.name;
    },
  },
  deceive: {
    weight: whileOpen(2),
    perform: (world, random) => {
      const { customer } = pick(open(world), random);
      const { settings } = customer.system.terms;
      const { held } = customer.isAlive ? customer.wallet.papers : { held: undefined };
      if (held === undefined) return "nothing to deceive with";
      customer.receive(customer.treason!.forge(held, settings, world.stage.time));
      world.stage.count("a system forges a note");
      return customer.name;
    },
  },
  accuse: {
    weight: whileOpen(0.5),
    perform: async (world, random) => {
      const escape = pick(open(world), random);
      await world.quiet(accuse(world, escape.customer, random));
      if (random.chance(0.7)) await world.quiet(escape.stayAway());
      escape.alarm();
      world.stage.count("the system closes with what it likes");
      return escape.customer.name;
    },
  },
  escape: {
    weight: whileOpen(0.5),
    perform: (world, random) => {
      const escape = pick(open(world), random);
      if (!escape.customer.isAlive) return "is not there";
      escape.begin();
      return escape.customer.name;
    },
  },
} as const satisfies Record<string, Action>;

/** Whom a system may turn against: most stay with it. */
function isFit(customer: Customer): boolean {
  return !customer.isHostile && customer.treason === undefined && hasPast(customer);
}
