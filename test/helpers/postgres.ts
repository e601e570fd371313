import { Client } from "pg";

import { startPostgres } from "../../scripts/postgresServer";

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
  const server = await startPostgres();
  after(() => server.stop());
  return server.url;
}
