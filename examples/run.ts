import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

// Runs examples by their names against a service of their own, with a local chain and an empty ledger in memory:
//
//   npx tsx examples/run.ts shop exchange

/** The chain is looked at often and withdrawals wait for no others: somebody is watching. The wallet's page may call. */
const SETTINGS = {
  STARLEDGER_STORE: "sqlite::memory:",
  STARLEDGER_PORT: "0",
  STARLEDGER_LOG_LEVEL: "silent",
  STARLEDGER_CHAIN_SECONDS: "0.2",
  STARLEDGER_SETTLE_SECONDS: "0",
  STARLEDGER_ALLOWED_ORIGINS: `http://127.0.0.1:${process.env["WALLET_PORT"] ?? 8090}`,
};

interface Served {
  readonly url: string;
  readonly rpc: string;
}

function start(program: readonly string[], settings: Record<string, string>, output: "pipe" | "inherit"): ChildProcess {
  const env = { ...process.env, ...settings };
  return spawn(process.execPath, ["--import", "tsx", ...program], { env, stdio: ["ignore", output, "inherit"] });
}

async function main(names: readonly string[]): Promise<void> {
  const service = start(["src/cli/main.ts", "serve", "--json"], SETTINGS, "pipe");
  const ended = once(service, "exit");
  let running: ChildProcess | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => running?.kill(signal));
  try {
    const [said] = (await Promise.race([once(service.stdout!, "data"), ended])) as [Buffer | number];
    const { url, rpc } = JSON.parse(String(said)) as Served;
    const settings = { STARLEDGER_URL: url, STARLEDGER_RPC_URL: rpc, STARLEDGER_API_KEY: "development" };
    for (const name of names) {
      running = start([`examples/${name}.ts`], settings, "inherit");
      const [code] = (await once(running, "exit")) as [number | null];
      if (code !== 0) process.exitCode = code ?? 1;
    }
  } finally {
    service.kill("SIGTERM");
    await ended;
  }
}

void main(process.argv.slice(2));
