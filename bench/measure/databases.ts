import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Client } from "pg";

import { startPostgres, type PostgresServer } from "../../scripts/postgresServer";

/** Databases for one run: new ones, gone with it. */
export class Databases {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  private server: PostgresServer | undefined;
  private made = 0;

  sqlite(): string {
    return `sqlite:${path.join(this.folder, `${(this.made += 1)}.db`)}`;
  }

  /** On a server that runs from then on. */
  async postgres(): Promise<string> {
    this.server ??= await startPostgres();
    const name = `bench_${(this.made += 1)}`;
    const client = new Client({ connectionString: this.server.url });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return this.server.url.replace(/postgres$/, name);
  }

  /** Those that are asked for later are on a server of their own. */
  async stopPostgres(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }

  async stop(): Promise<void> {
    await this.stopPostgres();
    rmSync(this.folder, { recursive: true });
  }
}
