import { createHash } from "node:crypto";

import { Random } from "../../scripts/torture/random";
import { ACTIONS, type Kind } from "./actions";
import { deployOnce } from "./chain/deployed";
import { checkpointAtOnce } from "./checkpoints";
import { releaseTime, stopTime } from "./clock";
import { settle } from "./settle";
import { Violation } from "./violation";
import { World } from "./world";

/** What the driver chose: an action, and the seed of everything that it decides. */
export interface Choice {
  readonly kind: Kind;
  readonly seed: string;
}

/** What a run came to. */
export interface Run {
  readonly seed: string;
  readonly choices: readonly Choice[];
  readonly trace: readonly string[];
  /** A hash of the trace: the same seed gives the same. */
  readonly hash: string;
  readonly actions: Readonly<Record<string, number>>;
  readonly coverage: Readonly<Record<string, number>>;
  /** What was violated, and in which step; undefined if nothing was. */
  readonly violation: { readonly message: string; readonly step: number } | undefined;
}

/** Lets `steps` things happen, one after the other, as the seed decides; then everything comes to rest. */
export async function simulate(seed: string, steps: number): Promise<Run> {
  const random = new Random(seed);
  return await run(seed, (world, step) => (step < steps ? choose(world, random, `${seed}/${step}`) : undefined));
}

/** The same once more with these choices alone; what cannot happen any more does not. */
export async function replay(seed: string, choices: readonly Choice[]): Promise<Run> {
  return await run(seed, (_, step) => choices[step]);
}

async function run(seed: string, next: (world: World, step: number) => Choice | undefined): Promise<Run> {
  await deployOnce();
  stopTime();
  checkpointAtOnce();
  const world = await World.open(seed);
  const { stage } = world;
  const choices: Choice[] = [];
  const actions: Record<string, number> = {};
  try {
    for (let choice = next(world, 0); choice !== undefined && stage.violation === undefined;) {
      const { kind } = choice;
      choices.push(choice);
      if (ACTIONS[kind].weight(world) > 0) {
        actions[kind] = (actions[kind] ?? 0) + 1;
        await perform(world, choice, choices.length);
      }
      choice = next(world, choices.length);
    }
    if (stage.violation === undefined) await settle(world);
  } catch (error) {
    // What no step expects is as bad: a process that cannot start, say.
    stage.violation ??= error instanceof Violation ? error : new Violation(String((error as Error).stack));
  } finally {
    await world.close();
    releaseTime();
  }
  const { trace, violation } = stage;
  const hash = createHash("sha256").update(trace.join("\n")).digest("hex");
  const coverage = Object.fromEntries([...stage.coverage].sort());
  const found = violation && { message: violation.message, step: choices.length };
  return { seed, choices, trace, hash, actions, coverage, violation: found };
}

async function perform(world: World, { kind, seed }: Choice, step: number): Promise<void> {
  const said = await ACTIONS[kind].perform(world, new Random(seed));
  world.stage.say(`${step} ${kind}: ${said}`);
  await world.quiet();
  await world.requireConserved();
  await world.requireBegunAnew();
}

/** One of what can happen, the likelier ones more often. */
function choose(world: World, random: Random, seed: string): Choice {
  const kinds = Object.keys(ACTIONS) as Kind[];
  const weights = kinds.map((kind) => ACTIONS[kind].weight(world));
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const place = weights.findIndex((weight) => (left -= weight) < 0);
  return { kind: kinds[Math.max(0, place)]!, seed };
}
