import { setTimeout as sleep } from "node:timers/promises";

import { Wallet } from "ethers";

import { answered, connect, HubClient } from "../../chain";
import { fail, StarledgerError } from "../../errors";
import { EXIT, type ExitCode } from "../exitCodes";
import type { Session } from "../session";
import { shown, type Shown } from "../shown";
import { readKey } from "../signing";
import { act, type Sent } from "./act";
import { checkSignatures } from "./checks";
import { readPapers, type Papers, type Parties } from "./evidence";
import { userOf, type CommonOptions } from "./options";
import { nextStep, stepOf, type Command, type Step } from "./plan";
import { look, type Chain, type Situation } from "./situation";
import { describeSituation, describeStep, situationAsJson } from "./words";

// A user's way out with nothing but the hub's address, a node, its key and what it last signed and was given: no service,
// no indexer. Words and questions go to standard error, the result to standard output. See docs/RECOVERY.md.

/** How the whole row is run. */
export interface RunOptions extends CommonOptions {
  readonly wait: boolean;
  /** Seconds between two looks at the chain. */
  readonly poll: bigint;
}

interface Channel {
  readonly session: Session;
  readonly options: CommonOptions;
  readonly chain: Chain;
  readonly papers: Papers;
  readonly sent: Sent[];
}

/** What the chain says and what is due. Sends nothing. */
export function status(session: Session, options: CommonOptions): Promise<Shown> {
  return using(open(session, options, false), async (channel) => {
    const situation = await see(channel);
    const next = nextStep(situation, options.originalKey);
    return finish(channel, situation, next, { text: describeSituation(situation) });
  });
}

/** One step of the row. */
export function single(name: Command, session: Session, options: CommonOptions): Promise<Shown> {
  return using(open(session, options, true), async (channel) => {
    const situation = await see(channel);
    await carryOut(channel, stepOf(name, situation, options.originalKey), situation);
    const after = await see(channel);
    return finish(channel, after, nextStep(after, options.originalKey));
  });
}

/** The whole row, as far as it goes now or, with `wait`, to its end. */
export function run(session: Session, options: RunOptions): Promise<Shown> {
  return using(open(session, options, true), (channel) => goOn(channel, options));
}

async function goOn(channel: Channel, options: RunOptions): Promise<Shown> {
  const pause = () => sleep(Number(options.poll) * 1_000);
  let waitingUntil: bigint | undefined;
  for (;;) {
    const situation = await see(channel).catch((error: unknown) => {
      // Who waits for days outlives a node that is away for a while.
      if (options.wait && error instanceof StarledgerError && error.code === "chain_unreachable") return undefined;
      throw error;
    });
    if (situation === undefined) {
      await pause();
      continue;
    }
    const step = nextStep(situation, options.originalKey);
    const isWaiting = step.do === "wait";
    if (step.do === "done") return finish(channel, situation, step);
    if (isWaiting && !options.wait) return finish(channel, situation, step, { code: EXIT.notYet });
    if (!isWaiting || step.until !== waitingUntil) await carryOut(channel, step, situation);
    waitingUntil = isWaiting ? step.until : undefined;
    if (isWaiting) await pause();
  }
}

async function using<T>(opening: Promise<Channel>, act: (channel: Channel) => Promise<T>): Promise<T> {
  const channel = await opening;
  try {
    return await act(channel);
  } finally {
    channel.chain.provider.destroy();
    await channel.papers.release();
  }
}

async function open(session: Session, options: CommonOptions, needsKey: boolean): Promise<Channel> {
  const sent: Sent[] = [];
  session.done["sent"] = sent;
  const key = await readKey(options);
  const user = userOf(options, key);
  if (needsKey && key === undefined) fail("invalid_input", { key: "missing", reason: "see --key-file" });
  const { system, token, epoch, hub: address, logRange } = options;
  const named = {
    ...(system !== undefined && { system }),
    ...(token !== undefined && { token }),
    ...(user !== undefined && { user }),
    ...(epoch !== undefined && { epoch }),
  };
  const provider = await connect(options.rpc);
  if ((await answered(provider.getCode(address))) === "0x")
    fail("invalid_input", { hub: address, reason: "no contract is there" });
  const hub = new HubClient(address, key === undefined ? provider : new Wallet(key, provider));
  const epochOf = async (parties: Parties) => (await hub.channel(parties)).epoch;
  const papers = await readPapers(options.evidence, named, epochOf, needsKey);
  const { evidence } = papers;
  if (user !== undefined && evidence.channel.user !== user) {
    fail("wrong_signer", { got: user, want: evidence.channel.user });
  }
  const { chainId } = await provider.getNetwork();
  await checkSignatures(hub, chainId, evidence);
  const range = logRange === undefined ? undefined : Number(logRange);
  return { session, options, chain: { provider, hub, range }, papers, sent };
}

/** Looks at the chain; a close that is seen there freezes the user's wallet, whoever started it (S6). */
async function see({ chain, papers }: Channel): Promise<Situation> {
  const situation = await look(chain, papers.evidence);
  if (situation.dispute !== undefined) await papers.freeze();
  return situation;
}

/** Shows what will be sent, asks, and sends it. */
async function carryOut(
  { session, chain, options, papers, sent }: Channel,
  step: Step,
  situation: Situation,
): Promise<void> {
  session.say(describeStep(step));
  if (step.do === "wait" || step.do === "done") return;
  if (options.yes !== true && !(await session.confirmed("Send it?"))) fail("declined", { step: step.do });
  await act(
    chain.hub,
    step,
    situation,
    () => papers.freeze(),
    (one) => {
      sent.push(one);
      session.say(`  ${one.step}: transaction ${one.transaction}, ${one.gas} gas`);
    },
  );
}

function finish(
  { sent }: Channel,
  situation: Situation,
  next: Step,
  { text = "", code = EXIT.done }: { text?: string; code?: ExitCode } = {},
): Shown {
  const words = `${text}${text === "" ? "" : "Next: "}${describeStep(next)}`;
  return shown({ sent, next, status: situationAsJson(situation) }, () => words, code);
}
