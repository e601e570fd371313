import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { Command } from "commander";
import { Wallet } from "ethers";

import { answered, connect, HubClient } from "../src/chain";
import { fail, StarledgerError } from "../src/errors";
import { toAddress } from "../src/protocol";
import { act, type Sent } from "./exit/act";
import { checkSignatures } from "./exit/checks";
import { readEvidence, type Evidence } from "./exit/evidence";
import { readKey, userOf, wholeNumber, withCommonOptions, type CommonOptions } from "./exit/options";
import { nextStep, stepOf, type Command as Name, type Step } from "./exit/plan";
import { look, type Chain, type Situation } from "./exit/situation";
import { describeSituation, describeStep, situationAsJson } from "./exit/words";

// A user's way out with nothing but the hub's address, a node, its key and what it last signed and was given: no service,
// no indexer. Words and questions go to standard error, the result to standard output. See docs/RECOVERY.md.

/** Nothing can be done yet: come back. */
const COME_BACK = 3;

interface RunOptions extends CommonOptions {
  readonly wait: boolean;
  readonly poll: string;
}

interface Session {
  readonly chain: Chain;
  readonly evidence: Evidence;
  readonly options: CommonOptions;
  readonly sent: Sent[];
}

async function open(options: CommonOptions, sent: Sent[], needsKey: boolean): Promise<Session> {
  const key = readKey(options);
  const user = userOf(options, key);
  if (needsKey && key === undefined) fail("invalid_input", { key: "missing", reason: "see --key-file" });
  const address = toAddress(options.hub);
  const range = wholeNumber("logRange", options.logRange);
  const epoch = wholeNumber("epoch", options.epoch, 0n);
  const named = {
    ...(options.system !== undefined && { system: toAddress(options.system) }),
    ...(options.token !== undefined && { token: toAddress(options.token) }),
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
  return {
    chain: { provider, hub, range: range === undefined ? undefined : Number(range) },
    evidence,
    options,
    sent,
  };
}

/** Shows what will be sent, asks, and sends it. */
async function carryOut({ chain, options, sent }: Session, step: Step, situation: Situation): Promise<void> {
  say(describeStep(step));
  if (step.do === "wait" || step.do === "done") return;
  if (!options.yes && !(await confirmed())) fail("declined", { step: step.do });
  await act(chain.hub, step, situation, (one) => {
    sent.push(one);
    say(`  ${one.step}: transaction ${one.transaction}, ${one.gas} gas`);
  });
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const question = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await question.question("Send it? (yes/no) ");
  question.close();
  return answer.trim().toLowerCase() === "yes";
}

async function status(options: CommonOptions, sent: Sent[]): Promise<void> {
  const session = await open(options, sent, false);
  const situation = await look(session.chain, session.evidence);
  finish(session, situation, nextStep(situation, options.originalKey), describeSituation(situation));
}

async function single(name: Name, options: CommonOptions, sent: Sent[]): Promise<void> {
  const session = await open(options, sent, true);
  const situation = await look(session.chain, session.evidence);
  const step = stepOf(name, situation, options.originalKey);
  await carryOut(session, step, situation);
  const after = await look(session.chain, session.evidence);
  finish(session, after, nextStep(after, options.originalKey));
}

async function run(options: RunOptions, sent: Sent[]): Promise<void> {
  const pause = () => sleep(Number(wholeNumber("poll", options.poll)) * 1_000);
  const session = await open(options, sent, true);
  let waitingUntil: bigint | undefined;
  for (;;) {
    const situation = await look(session.chain, session.evidence).catch((error: unknown) => {
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
    if (step.do === "done" || (isWaiting && !options.wait)) {
      if (isWaiting) process.exitCode = COME_BACK;
      return finish(session, situation, step);
    }
    if (!isWaiting || step.until !== waitingUntil) await carryOut(session, step, situation);
    waitingUntil = isWaiting ? step.until : undefined;
    if (isWaiting) await pause();
  }
}

function finish({ chain, options, sent }: Session, situation: Situation, next: Step, text = ""): void {
  if (options.json) print({ sent, next, status: situationAsJson(situation) });
  else process.stdout.write(`${text}${text === "" ? "" : "Next: "}${describeStep(next)}\n`);
  chain.provider.destroy();
}

/** One JSON object; numbers of the chain are decimal text. */
function print(result: object): void {
  process.stdout.write(JSON.stringify(result, (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v)) + "\n");
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Runs a subcommand; every error has its code, what was got and what to do. */
function reporting<T extends CommonOptions>(work: (options: T, sent: Sent[]) => Promise<void>) {
  return async (options: T): Promise<void> => {
    const sent: Sent[] = [];
    try {
      await work(options, sent);
    } catch (error) {
      const isTyped = error instanceof StarledgerError;
      if (options.json && isTyped) {
        print({ sent, error: error.code, details: error.details, hint: error.hint });
      }
      say(isTyped ? `${error.code}: ${error.message}\n${error.hint}` : String(error));
      process.exit(1);
    }
  };
}

const program = new Command("exit")
  .description(
    "Gets your money out of a channel alone: closes, answers, proves, settles and collects, with no service's help.",
  )
  .addHelpText(
    "after",
    `
Examples:
  npm run exit -- status --hub 0x… --rpc https://… --evidence wallet.jsonl --system 0x… --token 0x… --user 0x…
  npm run exit -- run --hub 0x… --rpc https://… --evidence evidence.json --key-file key.txt
  npm run exit -- run --wait --yes …     # stays until all is done

Exit codes: 0 done, 1 failed (nothing more was sent), 3 nothing can be done yet: come back at the time printed.`,
  );

const SINGLE: Readonly<Record<Name, string>> = {
  close: "Starts to close: humbly, unless your key is original (--original-key).",
  prove: "Shows your note to a pending close, with those of its locks whose preimages are known.",
  challenge: "Answers a close by the system, or an older one of your own, with your newest state.",
  settle: "Pays everyone their due once the claim window is over.",
  collect: "Fetches what could not be paid at once: blocked payouts, claims, awards.",
};

withCommonOptions(program.command("status"))
  .description("Shows what the chain says of the channel, what is due, and what to do next. Sends nothing.")
  .action(reporting(status));
for (const [name, text] of Object.entries(SINGLE) as [Name, string][]) {
  withCommonOptions(program.command(name))
    .description(text)
    .action(reporting((options: CommonOptions, sent) => single(name, options, sent)));
}
withCommonOptions(program.command("run"))
  .description("Does the whole row. Can be stopped and started again at any point: it looks at the chain each time.")
  .option("--wait", "stay and go on when it is time, instead of saying when to come back", false)
  .option("--poll <seconds>", "how often to look while waiting", "15")
  .action(reporting(run));

void program.parseAsync();
