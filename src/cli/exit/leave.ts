import { setTimeout as sleep } from "node:timers/promises";

import { fail } from "../../errors";
import {
  ChainNode,
  DisputeHub,
  Exit,
  httpProvider,
  localSigner,
  type ExitCommand,
  type ExitStep,
  type ExitTransaction,
  type Parties,
  type Situation,
} from "../../sdk";
import { EXIT, type ExitCode } from "../exitCodes";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { readKey } from "../signing";
import { userOf, type CommonOptions } from "./options";
import { readPapers, type FilePapers } from "./papers";
import { describeSituation, describeStep, situationAsJson } from "./words";

// A user's way out with nothing but the hub's address, a node, its key and what it last signed and was given: no service,
// no indexer. Words and questions go to standard error, the result to standard output. See docs/RECOVERY.md.

/** How the whole row is run. */
export interface RunOptions extends CommonOptions {
  readonly wait: boolean;
  /** Seconds between two looks at the chain. */
  readonly poll: bigint;
}

interface Leaving {
  readonly session: Session;
  readonly options: CommonOptions;
  readonly exit: Exit;
  readonly papers: FilePapers;
  readonly sent: ExitTransaction[];
}

/** What the chain says and what is due. Sends nothing. */
export function status(session: Session, options: CommonOptions): Promise<Shown> {
  return using(open(session, options, false), async (leaving) => {
    const situation = await leaving.exit.look();
    return finish(leaving, situation, leaving.exit.next(situation), { text: describeSituation(situation) });
  });
}

/** One step of the row. */
export function single(name: ExitCommand, session: Session, options: CommonOptions): Promise<Shown> {
  return using(open(session, options, true), async (leaving) => {
    const { exit } = leaving;
    const situation = await exit.look();
    const step = exit.step(name, situation);
    await confirm(leaving, step);
    for await (const one of exit.carryOut(step, situation)) report(leaving, one);
    const after = await exit.look();
    return finish(leaving, after, exit.next(after));
  });
}

/** The whole row, as far as it goes now or, with `wait`, to its end. */
export function run(session: Session, options: RunOptions): Promise<Shown> {
  return using(open(session, options, true), async (leaving) => {
    const events = leaving.exit.run(() => sleep(Number(options.poll) * 1_000, true));
    for await (const event of events) {
      if (event.type === "sent") {
        report(leaving, event.sent);
        continue;
      }
      const { step, situation } = event;
      if (step.do === "done") return finish(leaving, situation, step);
      if (step.do === "wait" && !options.wait) return finish(leaving, situation, step, { code: EXIT.notYet });
      await confirm(leaving, step);
    }
    return fail("internal", { reason: "the way out has no end" });
  });
}

async function using<T>(opening: Promise<Leaving>, act: (leaving: Leaving) => Promise<T>): Promise<T> {
  const leaving = await opening;
  try {
    return await act(leaving);
  } finally {
    await leaving.papers.release();
  }
}

async function open(session: Session, options: CommonOptions, needsKey: boolean): Promise<Leaving> {
  const sent: ExitTransaction[] = [];
  session.done["sent"] = sent;
  const key = await readKey(options);
  const user = userOf(options, key);
  if (needsKey && key === undefined) fail("invalid_input", { key: "missing", reason: "see --key-file" });
  const { system, token, epoch, hub: address, logRange, originalKey: isOriginal } = options;
  const named = {
    ...(system !== undefined && { system }),
    ...(token !== undefined && { token }),
    ...(user !== undefined && { user }),
    ...(epoch !== undefined && { epoch }),
  };
  const node = new ChainNode(httpProvider(options.rpc));
  if (!(await node.hasCode(address))) fail("invalid_input", { hub: address, reason: "no contract is there" });
  const hub = new DisputeHub(address, node, logRange);
  const epochOf = async (parties: Parties) => (await hub.channel(parties)).epoch;
  const papers = await readPapers(options.evidence, named, epochOf, needsKey);
  try {
    const { user: own } = papers.evidence.channel;
    if (user !== undefined && own !== user) fail("wrong_signer", { got: user, want: own });
    const account = needsKey && key !== undefined ? { account: localSigner(key) } : {};
    return { session, options, exit: await Exit.open({ hub, papers, isOriginal, ...account }), papers, sent };
  } catch (error) {
    await papers.release();
    throw error;
  }
}

/** Shows what will be done, and asks. */
async function confirm({ session, options }: Leaving, step: ExitStep): Promise<void> {
  session.say(describeStep(step));
  if (step.do === "wait" || step.do === "done" || options.yes === true) return;
  if (!(await session.confirmed("Send it?"))) fail("declined", { step: step.do });
}

function report({ session, sent }: Leaving, one: ExitTransaction): void {
  sent.push(one);
  session.say(`  ${one.step}: transaction ${one.transaction}, ${one.gas} gas`);
}

function finish(
  { sent }: Leaving,
  situation: Situation,
  next: ExitStep,
  { text = "", code = EXIT.done }: { text?: string; code?: ExitCode } = {},
): Shown {
  const words = `${text}${text === "" ? "" : "Next: "}${describeStep(next)}`;
  return shown({ sent, next, status: situationAsJson(situation) }, () => words, code);
}
