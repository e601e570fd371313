import type { Command } from "commander";

import { Session, type GlobalOptions } from "./session";
import { toJsonLine, type Shown } from "./shown";

/** What is said of a command; `docs/CLI.md` is written from it. */
export interface About {
  readonly does: string;
  /** Whole lines that a person can type. */
  readonly examples: readonly string[];
}

const examples = new WeakMap<Command, readonly string[]>();

/** The examples that a command was defined with. */
export function examplesOf(command: Command): readonly string[] {
  return examples.get(command) ?? [];
}

/** A command as people type it: `open <address>`. */
export function define(parent: Command, usage: string, { does, examples: lines }: About): Command {
  const command = parent.command(usage).description(does);
  examples.set(command, lines);
  return command.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

/** A word that has commands below it. */
export function group(parent: Command, name: string, does: string): Command {
  return parent.command(name).description(does);
}

/** One result, or, from what goes on, one after the other. */
export type Work<O, A extends readonly unknown[]> = (
  session: Session,
  options: O & GlobalOptions,
  ...given: A
) => Promise<Shown> | AsyncIterable<Shown>;

/** Lets a command do `work`, and prints what it comes to: tables, or one line of JSON for each result. */
export function runs<O, A extends readonly unknown[]>(command: Command, work: Work<O, A>): void {
  command.action(async () => {
    const options = command.optsWithGlobals<O & GlobalOptions>();
    const session = new Session(options);
    sessions.set(rootOf(command), session);
    const results = work(session, options, ...(command.processedArgs as unknown as A));
    if (Symbol.asyncIterator in results) for await (const result of results) print(result, options);
    else print(await results, options);
  });
}

/** The session of the command that was run. */
export function sessionOf(program: Command): Session | undefined {
  return sessions.get(program);
}

const sessions = new WeakMap<Command, Session>();

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

function print({ data, text, code }: Shown, { json }: GlobalOptions): void {
  process.exitCode = code;
  process.stdout.write(`${json === true ? toJsonLine(data) : text}\n`);
}
