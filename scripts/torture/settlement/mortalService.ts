import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { PACKAGE_ROOT } from "../../../src/chain/localNode";
import { StarledgerError } from "../../../src/errors";

export const OPERATOR_KEY = "torture-of-settlement";

/** Milliseconds between two tries of a call that was not answered. */
const RETRY = 50;

/** The account service in a process of its own, which is killed and started again on the same database. */
export class MortalService {
  private child: ChildProcess | undefined;
  private url = "";

  /** @param log the file that takes what it writes to standard error */
  constructor(
    private readonly environment: Readonly<Record<string, string>>,
    private readonly log: string,
  ) {}

  async start(): Promise<void> {
    const log = openSync(this.log, "a");
    const child = spawn(process.execPath, ["--import", "tsx", path.join(PACKAGE_ROOT, "src/cli/main.ts"), "serve"], {
      env: { ...process.env, ...this.environment, STARLEDGER_PORT: "0", STARLEDGER_OPERATOR_KEY: OPERATOR_KEY },
      stdio: ["ignore", "pipe", log],
    });
    closeSync(log);
    this.child = child;
    process.once("exit", () => child.kill("SIGKILL"));
    let output = "";
    this.url = await new Promise((resolve, reject) => {
      child.stdout!.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        const url = /^API +(\S+)$/m.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
      child.once("exit", () => reject(new StarledgerError("unreachable", { output, log: this.log })));
    });
  }

  /** Ends it as a power failure would, and starts it again. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
    await this.start();
  }

  async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }

  /** A call, sent again under its key until it is answered. */
  async call<T>(method: "GET" | "POST", route: string, body?: object, key = ""): Promise<T> {
    for (;;) {
      const response = await fetch(this.url + route, {
        method,
        headers: {
          authorization: `Bearer ${OPERATOR_KEY}`,
          ...(body !== undefined && { "content-type": "application/json", "idempotency-key": key }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).catch(() => undefined);
      const answer = (await response?.json().catch(() => undefined)) as (T & { code?: string }) | undefined;
      if (response?.ok && answer !== undefined) return answer;
      if (response !== undefined && response.status < 500 && response.status !== 429) {
        throw new StarledgerError("unreachable", {
          route,
          status: String(response.status),
          answer: JSON.stringify(answer),
        });
      }
      await delay(RETRY);
    }
  }
}
