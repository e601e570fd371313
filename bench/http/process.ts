import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { DEVELOPMENT } from "../../src/service/config";
import { LOADER } from "../program";

/** What the service's process has used so far. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** A service in a process of its own, as `npm start` runs it. */
export interface ServiceProcess {
  readonly url: string;
  readonly token: string;
  readonly headers: Readonly<Record<string, string>>;
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

/** Those of `npm start`. */
export const FLAGS = ["--max-semi-space-size=64", "--v8-pool-size=1"];
const MAIN = path.join(__dirname, "../../src/cli/main");

/**
 * Starts the service on a new SQLite file, or on `store`.
 * @param flags for Node.js, as `--cpu-prof`
 */
export async function startProcess(store: string | undefined, flags: readonly string[]): Promise<ServiceProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  const log = openSync(path.join(folder, "service.log"), "w");
  const child = spawn(process.execPath, [...FLAGS, ...LOADER, ...flags, MAIN, "serve"], {
    env: {
      ...process.env,
      STARLEDGER_STORE: store ?? `sqlite:${path.join(folder, "ledger.db")}`,
      STARLEDGER_PORT: "0",
    },
    stdio: ["ignore", "pipe", log],
  });
  closeSync(log);
  const exited = once(child, "exit");
  const output = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (/^OpenAPI .*\n/m.test(text)) resolve(text);
    });
    child.once("exit", () => reject(new Error(`The service did not start: ${text}`)));
  });
  const url = /^API +(\S+)$/m.exec(output)![1]!;
  const headers = { authorization: `Bearer ${DEVELOPMENT.operatorKey}`, "content-type": "application/json" };
  return {
    url,
    token: /^Tokens +(\S+)$/m.exec(output)![1]!,
    headers,
    usage: async () => {
      const samples = await (await fetch(`${url}/metrics`, { headers })).text();
      const sample = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(samples)![1]);
      return {
        cpuSeconds: sample("process_cpu_seconds_total"),
        residentBytes: sample("process_resident_memory_bytes"),
      };
    },
    stop: async () => {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}
