import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { Client } from "pg";

import { startPostgres, type PostgresServer } from "../../scripts/postgresServer";

/** Databases for one run: new ones, gone with it. */
export class Databases {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "starledger-bench-"));
  private made = 0;

  private constructor(private readonly server: PostgresServer) {}

  static async start(): Promise<Databases> {
    return new Databases(await startPostgres());
  }

  sqlite(): string {
    return `sqlite:${path.join(this.folder, `${(this.made += 1)}.db`)}`;
  }

  async postgres(): Promise<string> {
    const name = `bench_${(this.made += 1)}`;
    const client = new Client({ connectionString: this.server.url });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return this.server.url.replace(/postgres$/, name);
  }

  async stop(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
  }
}
