import { Command, InvalidArgumentError, Option } from "commander";

import { fail } from "../errors";
import { accountCommands } from "./commands/account";
import { assetCommands } from "./commands/asset";
import { backupCommands } from "./commands/backup";
import { balanceCommand } from "./commands/balance";
import { channelCommands } from "./commands/channel";
import { completionCommand } from "./commands/completion";
import { declareLossCommand } from "./commands/declareLoss";
import { depositCommand } from "./commands/deposit";
import { disputesCommand } from "./commands/disputes";
import { doctorCommand } from "./commands/doctor";
import { eventsCommand } from "./commands/events";
import { exitCommands } from "./commands/exit";
import { invoiceCommands } from "./commands/invoice";
import { issueCommand } from "./commands/issue";
import { keyCommands } from "./commands/key";
import { payCommand } from "./commands/pay";
import { profileCommands } from "./commands/profile";
import { rereadChainCommand } from "./commands/rereadChain";
import { resynchroniseCommand } from "./commands/resynchronise";
import { serveCommand } from "./commands/serve";
import { signerCommands } from "./commands/signer";
import { statusCommand } from "./commands/status";
import { verifyCommand } from "./commands/verify";
import { verifyJournalCommand } from "./commands/verifyJournal";
import { versionCommand } from "./commands/version";
import { watchtowerCommand } from "./commands/watchtower";
import { withdrawCommand } from "./commands/withdraw";
import { profileFile, readProfiles, type Profile, type ProfileSetting } from "./profile";

const COMMANDS = [
  serveCommand,
  watchtowerCommand,
  statusCommand,
  doctorCommand,
  rereadChainCommand,
  declareLossCommand,
  disputesCommand,
  eventsCommand,
  assetCommands,
  signerCommands,
  accountCommands,
  balanceCommand,
  issueCommand,
  payCommand,
  invoiceCommands,
  withdrawCommand,
  depositCommand,
  channelCommands,
  exitCommands,
  resynchroniseCommand,
  verifyCommand,
  verifyJournalCommand,
  backupCommands,
  keyCommands,
  profileCommands,
  completionCommand,
  versionCommand,
];

/** The whole tree of commands. What goes wrong is thrown, never printed. */
export function buildProgram(): Command {
  const program = new Command("starledger")
    .description(
      "Accounts that are payment channels: run the service, keep accounts, pay, and leave without anybody's help.",
    )
    .option("--json", "print JSON: one document, or one line for each result")
    .option("--verbose", "show where an unexpected error came from")
    .addOption(
      new Option("--profile <name>", "the profile to take settings from").env("STARLEDGER_PROFILE").default("default"),
    )
    .addOption(new Option("--url <url>", "the service").env("STARLEDGER_URL").default("http://127.0.0.1:8080"))
    .option("--api-key-file <file>", "the operator's key; or in the environment as STARLEDGER_API_KEY")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  for (const add of COMMANDS) add(program);
  takeSettingsFromProfile(program, program);
  return program;
}

/** What neither flag nor environment says comes from the profile, before it is checked that nothing is missing. */
function takeSettingsFromProfile(program: Command, command: Command): void {
  command.hook("preSubcommand", (_, next) => {
    const name = program.getOptionValue("profile") as string;
    const profile = readProfiles()[name];
    if (profile === undefined && name !== "default") fail("wrong_usage", { profile: name, reason: "there is none" });
    for (const target of [program, next]) applyTo(target, profile ?? {});
  });
  for (const below of command.commands) takeSettingsFromProfile(program, below);
}

function applyTo(command: Command, profile: Profile): void {
  for (const option of command.options) {
    const name = option.attributeName();
    const text = profile[name as ProfileSetting];
    const isSaid = !["default", undefined].includes(command.getOptionValueSource(name));
    if (text !== undefined && !isSaid) command.setOptionValueWithSource(name, valueOf(option, text), "config");
  }
}

function valueOf(option: Option, text: string): unknown {
  if (option.parseArg === undefined) return text;
  try {
    return option.parseArg(text, undefined);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return fail("invalid_input", { file: profileFile(), setting: option.attributeName(), reason: error.message });
  }
}
