import { InvalidArgumentError, type Command } from "commander";

/** An option's whole number, of six digits at most. */
export function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("A whole number.");
  return Number(text);
}

/** Tells of what goes on, beside the figures. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Puts out what was found: one JSON object, or a line for each figure. */
export function show(result: object, isJson: boolean): void {
  const figures = Object.entries(result).map(([name, value]: [string, unknown]) => {
    return `${name.padEnd(18)}${typeof value === "string" ? value : JSON.stringify(value)}`;
  });
  process.stdout.write(isJson ? `${JSON.stringify(result)}\n` : `${figures.join("\n")}\n`);
}

/** Runs what was asked for; what it throws is told, and the process fails. */
export function run(command: Command): void {
  command.parseAsync().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
