import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";

import { StarledgerError } from "../../src/errors";
import { bundledCommandLine } from "../bundled/commandLine";

/** What the command line runs, in a process of its own that is killed and started again. */
export class MortalProcess {
  private child: ChildProcess | undefined;

  /**
   * @param line a command that goes on, and says first where it is reached
   * @param address finds that in what it says
   * @param log the file that takes what it writes to standard error
   */
  constructor(
    private readonly line: readonly string[],
    private readonly address: RegExp,
    private readonly environment: Readonly<Record<string, string>>,
    private readonly log: string,
  ) {}

  /** @returns where it is reached */
  async start(): Promise<string> {
    const log = openSync(this.log, "a");
    const child = spawn(process.execPath, [bundledCommandLine(), ...this.line], {
      env: { ...process.env, ...this.environment },
      stdio: ["ignore", "pipe", log],
    });
    closeSync(log);
    this.child = child;
    const kill = (): void => void child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
    let output = "";
    return await new Promise((resolve, reject) => {
      child.stdout!.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        const url = this.address.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
      child.once("exit", () => reject(new StarledgerError("unreachable", { output, log: this.log })));
    });
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null;
  }

  /** Resolves when it is gone; SIGKILL is as a power failure. */
  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }
}
