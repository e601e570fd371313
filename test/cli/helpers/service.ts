import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { bundledCommandLine } from "../../../scripts/bundled/commandLine";
import type { Address } from "../../../src/protocol";
import type { Environment } from "./cli";

/** A service of its own process, as `starledger serve --json` describes it, with a chain of its own. */
export interface Serving {
  readonly url: string;
  readonly openapi: string;
  readonly rpc: string;
  readonly chainId: string;
  readonly hub: Address;
  readonly systems: readonly [{ readonly address: Address; readonly tokens: readonly [Address] }];
  /** What makes the command line its operator's. */
  readonly environment: Environment;
  stop(): Promise<number | null>;
}

/** @param changes settings that are otherwise than by default */
export async function serve(changes: Environment = {}): Promise<Serving> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-cli-"));
  const settings = {
    STARLEDGER_STORE: `sqlite:${path.join(folder, "service.db")}`,
    STARLEDGER_PORT: "0",
    STARLEDGER_LOG_LEVEL: "silent",
    // Withdrawals are left to those who want them sooner.
    STARLEDGER_SETTLE_SECONDS: "3600",
    ...changes,
  };
  const child = spawn(process.execPath, [bundledCommandLine(), "serve", "--json"], {
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const line = await Promise.race([
    new Promise<string>((resolve) => child.stdout.once("data", (text: Buffer) => resolve(text.toString()))),
    exited.then((code) => Promise.reject(new Error(`serve ended with ${code}`))),
  ]);
  const described = JSON.parse(line) as Omit<Serving, "environment" | "stop">;
  const stop = async () => {
    child.kill("SIGTERM");
    const code = await exited;
    rmSync(folder, { recursive: true });
    return code;
  };
  return {
    ...described,
    environment: { STARLEDGER_URL: described.url, STARLEDGER_API_KEY: "development" },
    stop,
  };
}
