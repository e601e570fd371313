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
import { readEvidence, type Evidence } from "./evidence";
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
  readonly evidence: Evidence;
  readonly sent: Sent[];
}

/** What the chain says and what is due. Sends nothing. */
export async function status(session: Session, options: CommonOptions): Promise<Shown> {
  const channel = await open(session, options, false);
  const situation = await look(channel.chain, channel.evidence);
  return finish(channel, situation, nextStep(situation, options.originalKey), { text: describeSituation(situation) });
}

/** One step of the row. */
export async function single(name: Command, session: Session, options: CommonOptions): Promise<Shown> {
  const channel = await open(session, options, true);
  const situation = await look(channel.chain, channel.evidence);
  const step = stepOf(name, situation, options.originalKey);
  await carryOut(channel, step, situation);
  const after = await look(channel.chain, channel.evidence);
  return finish(channel, after, nextStep(after, options.originalKey));
}

/** The whole row, as far as it goes now or, with `wait`, to its end. */
export async function run(session: Session, options: RunOptions): Promise<Shown> {
  const pause = () => sleep(Number(options.poll) * 1_000);
  const channel = await open(session, options, true);
  let waitingUntil: bigint | undefined;
  for (;;) {
    const situation = await look(channel.chain, channel.evidence).catch((error: unknown) => {
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
  const evidence = await readEvidence(options.evidence, named, async (parties) => (await hub.channel(parties)).epoch);
  if (user !== undefined && evidence.channel.user !== user) {
    fail("wrong_signer", { got: user, want: evidence.channel.user });
  }
  const { chainId } = await provider.getNetwork();
  await checkSignatures(hub, chainId, evidence);
  const range = logRange === undefined ? undefined : Number(logRange);
  return { session, options, chain: { provider, hub, range }, evidence, sent };
}

/** Shows what will be sent, asks, and sends it. */
async function carryOut({ session, chain, options, sent }: Channel, step: Step, situation: Situation): Promise<void> {
  session.say(describeStep(step));
  if (step.do === "wait" || step.do === "done") return;
  if (options.yes !== true && !(await session.confirmed("Send it?"))) fail("declined", { step: step.do });
  await act(chain.hub, step, situation, (one) => {
    sent.push(one);
    session.say(`  ${one.step}: transaction ${one.transaction}, ${one.gas} gas`);
  });
}

function finish(
  { chain, sent }: Channel,
  situation: Situation,
  next: Step,
  { text = "", code = EXIT.done }: { text?: string; code?: ExitCode } = {},
): Shown {
  chain.provider.destroy();
  const words = `${text}${text === "" ? "" : "Next: "}${describeStep(next)}`;
  return shown({ sent, next, status: situationAsJson(situation) }, () => words, code);
}
