import { setTimeout as delay } from "node:timers/promises";

import { StarledgerError } from "../../src/errors";
import { MortalProcess } from "./mortalProcess";

export const OPERATOR_KEY = "key-of-the-torture";

/** Milliseconds between two tries of a call that was not answered. */
const RETRY = 50;

/** The account service in a process of its own, which is killed and started again on the same database. */
export class MortalService {
  /** Where it is reached. */
  url = "";
  private readonly process: MortalProcess;

  /** @param log the file that takes what it writes to standard error */
  constructor(environment: Readonly<Record<string, string>>, log: string) {
    const own = { STARLEDGER_PORT: "0", ...environment, STARLEDGER_OPERATOR_KEY: OPERATOR_KEY };
    this.process = new MortalProcess(["serve"], /^API +(\S+)$/m, own, log);
  }

  async start(): Promise<void> {
    this.url = await this.process.start();
  }

  /** False once it has ended, by itself too. */
  get isRunning(): boolean {
    return this.process.isRunning;
  }

  /** Ends it as a power failure would, and starts it again. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
    await this.start();
  }

  /** Waits until it answers again; if it has ended by itself, it is started, as whoever supervises it would. */
  async recover(): Promise<void> {
    for (;;) {
      if (!this.process.isRunning) await this.start();
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await delay(RETRY);
    }
  }

  end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    return this.process.end(signal);
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
