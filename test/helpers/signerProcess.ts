import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import path from "node:path";

import type { Hex } from "../../src/protocol";
import { afterTest } from "./afterTest";
import { temporaryFolder } from "./temporaryFolder";

/** `examples/signer.ts` as a process of its own, on a socket that stays the same. */
export class SignerProcess {
  readonly reference: string;
  private readonly socket: string;
  private child: ChildProcess | undefined;

  constructor(
    context: Mocha.Context,
    private readonly key: Hex,
    private readonly settings: Record<string, string> = {},
  ) {
    this.socket = path.join(temporaryFolder(context), "signer.sock");
    this.reference = `unix:${this.socket}`;
    afterTest(context, () => this.kill());
  }

  async start(): Promise<this> {
    // A killed process leaves its socket behind.
    rmSync(this.socket, { force: true });
    const env = { ...process.env, SIGNER_KEY: this.key, SIGNER_SOCKET: this.socket, ...this.settings };
    this.child = spawn(process.execPath, ["--import", "tsx", "examples/signer.ts"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(this.child.stdout!, "data");
    return this;
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
}
