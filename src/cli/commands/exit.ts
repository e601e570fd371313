import { Option, type Command } from "commander";

import { positive } from "../arguments";
import { define, group, runs } from "../define";
import { withCommonOptions, type CommonOptions } from "../exit/options";
import type { ExitCommand } from "../../sdk";
import type { RunOptions } from "../exit/leave";

const CHANNEL = "--hub 0x… --rpc https://… --evidence wallet.jsonl --system 0x… --token 0x…";

const SINGLE: Readonly<Record<ExitCommand, string>> = {
  close: "Starts to close: humbly, unless your key is original (--original-key).",
  prove: "Shows your note to a pending close, with those of its locks whose preimages are known.",
  challenge: "Answers a close by the system, or an older one of your own, with your newest state.",
  settle: "Pays everyone their due once the claim window is over.",
  collect: "Fetches what could not be paid at once: blocked payouts, claims, awards.",
};

export function exitCommands(program: Command): void {
  const exit = group(
    program,
    "exit",
    "Gets your money out of a channel alone: closes, answers, proves, settles and collects, with no service's help (docs/RECOVERY.md).",
  );
  const status = define(exit, "status", {
    does: "Shows what the chain says of the channel, what is due, and what to do next. Sends nothing.",
    examples: [`starledger exit status ${CHANNEL} --user 0x…`],
  });
  runs<CommonOptions, []>(withCommonOptions(status), async (session, options) =>
    (await import("../exit/leave")).status(session, options),
  );
  for (const [name, does] of Object.entries(SINGLE) as [ExitCommand, string][]) {
    const command = define(exit, name, { does, examples: [`starledger exit ${name} ${CHANNEL} --key-file key.json`] });
    runs<CommonOptions, []>(withCommonOptions(command), async (session, options) =>
      (await import("../exit/leave")).single(name, session, options),
    );
  }
  const run = define(exit, "run", {
    does: "Does the whole row. Can be stopped and started again at any point: it looks at the chain each time.",
    examples: [
      "starledger exit run --hub 0x… --rpc https://… --evidence evidence.json --key-file key.json",
      `starledger exit run --wait --yes ${CHANNEL} --key-file key.json`,
    ],
  })
    .option("--wait", "stay and go on when it is time, instead of saying when to come back", false)
    .addOption(
      new Option("--poll <seconds>", "how often to look while waiting").argParser(positive).default(15n, "15"),
    );
  runs<RunOptions, []>(withCommonOptions(run), async (session, options) =>
    (await import("../exit/leave")).run(session, options),
  );
}
