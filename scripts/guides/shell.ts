import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { bundledCommandLine } from "../bundled/commandLine";

const ROOT = path.resolve(__dirname, "../..");
/** What a clone installs. They become what they call, so that who ends them ends that. */
const commands = () => ({
  starledger: `exec node ${bundledCommandLine()} "$@"`,
  tsx: `exec node --import tsx "$@"`,
  npx: `exec "$@"`,
});
const SERVES = /^(npm start|npx starledger serve)$/;

/** The service that the documents start: the first that does so, for all. */
export class LocalService {
  private child: ChildProcess | undefined;
  /** What it said when it started. */
  said = "";

  get url(): string | undefined {
    return /^API +(\S+)$/m.exec(this.said)?.[1];
  }

  async start(): Promise<string> {
    if (this.child !== undefined) return this.said;
    const settings = {
      ...{ STARLEDGER_STORE: "sqlite::memory:", STARLEDGER_PORT: "0", STARLEDGER_LOG_LEVEL: "silent" },
      // What is waited for comes soon.
      STARLEDGER_CHAIN_SECONDS: "0.5",
    };
    const child = spawn(process.execPath, [bundledCommandLine(), "serve"], {
      cwd: ROOT,
      env: { ...process.env, ...settings },
    });
    this.child = child;
    for (const stream of [child.stderr, child.stdout]) {
      stream.on("data", (text: Buffer) => (this.said += text.toString()));
    }
    while (!/^OpenAPI .*\n/m.test(this.said)) await once(child.stdout, "data");
    return this.said;
  }

  async stop(): Promise<void> {
    if (this.child === undefined) return;
    this.child.kill("SIGTERM");
    await once(this.child, "exit");
  }
}

/** A shell in a folder that looks like a fresh clone. */
export class Shell {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "starledger-guides-"));
  private readonly bash: ChildProcess;

  constructor(private readonly service: LocalService) {
    for (const name of ["node_modules", "package.json", "tsconfig.json"]) {
      symlinkSync(path.join(ROOT, name), path.join(this.folder, name));
    }
    const bin = path.join(this.folder, "bin");
    mkdirSync(bin);
    for (const [name, text] of Object.entries(commands())) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    const PATH = `${bin}:${process.env["PATH"]}`;
    const env = { ...process.env, PATH, XDG_CONFIG_HOME: this.folder };
    this.bash = spawn("bash", ["--norc"], { cwd: this.folder, env, detached: true });
    this.bash.stdin!.write("exec 2>&1\n");
  }

  /** A program that a document shows, where its commands find it. */
  write(file: string, content: string): void {
    const fromSources = content.replace(/"starledger\/(sdk|protocol)"/g, (_, room: string) =>
      JSON.stringify(path.join(ROOT, "src", room)),
    );
    writeFileSync(path.join(this.folder, file), fromSources);
  }

  /** What a command puts out; a service that it starts goes on. */
  async run(command: string): Promise<string> {
    // What is run is run in what it made.
    if (command === "npm ci") return "";
    if (SERVES.test(command)) return this.service.start();
    const { url } = this.service;
    return this.execute(url === undefined ? command : `export STARLEDGER_URL=${url}; ${command}`);
  }

  /** Ends it, and what goes on in its background. */
  stop(): void {
    process.kill(-this.bash.pid!);
    rmSync(this.folder, { recursive: true });
  }

  private async execute(command: string): Promise<string> {
    const end = `--- end of ${Math.random()}`;
    let output = "";
    const done = new Promise<void>((resolve) => {
      const read = (text: Buffer): void => {
        output += text.toString();
        if (!output.includes(end)) return;
        this.bash.stdout!.off("data", read);
        resolve();
      };
      this.bash.stdout!.on("data", read);
    });
    this.bash.stdin!.write(`${command}\necho '${end}'\n`);
    await done;
    return output.slice(0, output.indexOf(end));
  }
}
