import { existsSync, readFileSync, writeFileSync } from "node:fs";

import type { Command, Help } from "commander";

import { examplesOf } from "../src/cli/define";
import { EXIT_MEANINGS } from "../src/cli/exitCodes";
import { PROFILE_SETTINGS } from "../src/cli/profile";
import { buildProgram } from "../src/cli/program";

// Writes docs/CLI.md from the tree of commands; with --check it fails if the file is not what it would write.

const FILE = "docs/CLI.md";

const rows = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.map(([name, meaning]) => `| ${name} | ${meaning.replaceAll("|", "\\|")} |`);

const table = (head: string, pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.length === 0 ? [] : ["", `| ${head} | |`, "|---|---|", ...rows(pairs)];

function optionsOf(help: Help, command: Command): [string, string][] {
  return help
    .visibleOptions(command)
    .filter(({ long }) => long !== "--help")
    .map((option) => [`\`${option.flags}\``, help.optionDescription(option)]);
}

function describe(command: Command): string[] {
  const below = command.commands.flatMap(describe);
  // What has no examples does nothing itself.
  if (examplesOf(command).length === 0) return [`## ${pathOf(command)}`, "", command.description(), "", ...below];
  return [...describeItself(command), ...below];
}

function describeItself(command: Command): string[] {
  const help = command.createHelp();
  const isBelowGroup = command.parent?.parent !== null;
  const given = help
    .visibleArguments(command)
    .map((one): [string, string] => [`\`${one.name()}\``, help.argumentDescription(one)]);
  return [
    `${isBelowGroup ? "###" : "##"} ${pathOf(command)}`,
    "",
    command.description(),
    "",
    "```",
    help.commandUsage(command),
    "```",
    ...table("argument", given),
    ...table("option", optionsOf(help, command)),
    "",
    "```sh",
    ...examplesOf(command),
    "```",
    "",
  ];
}

function pathOf(command: Command): string {
  return command.parent === null ? "" : `${pathOf(command.parent)} ${command.name()}`.trim();
}

const program = buildProgram();
const text = [
  "# The command line",
  "",
  "`npx starledger`, after `npm ci`. Written by `npx tsx scripts/cli.ts` from `src/cli`.",
  "",
  "Results go to standard output, everything else to standard error. With `--json` a result is one line of JSON (of what goes on, a",
  "line for each thing): amounts are base units as decimal text, with the asset's decimals beside them. A failure with `--json` is a line",
  "with `error` (its stable code, see [ERRORS.md](ERRORS.md)), `message`, `hint` and `details`. Amounts that are typed or shown in tables",
  "are whole tokens, exact: `12.50`. Secrets are never taken from the command line.",
  "",
  "Every command takes:",
  ...table("option", optionsOf(program.createHelp(), program)),
  "",
  "## Exit codes",
  ...table("code", Object.entries(EXIT_MEANINGS)),
  "",
  "## Profiles",
  "",
  "What neither an option nor the environment says is taken from a profile in `~/.config/starledger/config.json` (or below",
  "`XDG_CONFIG_HOME`), which only its owner may read. It names the files of secrets; it holds none. `starledger profile set` writes it.",
  ...table(
    "setting",
    Object.entries(PROFILE_SETTINGS).map(([name, meaning]) => [`\`${name}\``, meaning]),
  ),
  "",
  ...program.commands.flatMap(describe),
].join("\n");

if (!process.argv.includes("--check")) writeFileSync(FILE, text);
else if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== text) {
  console.error(`${FILE} is not what src/cli says: run npx tsx scripts/cli.ts`);
  process.exitCode = 1;
}
