import { Pool } from "pg";

/** Connections that each make one payment after the other. */
const CLIENTS = 16;
/** Payments of one transaction, where many are put together. */
const TOGETHER = 100;

const SCHEMA = `
  CREATE TABLE balances (account bigint PRIMARY KEY, amount numeric(78,0) NOT NULL);
  CREATE TABLE entries (id bigserial PRIMARY KEY, payer bigint NOT NULL, payee bigint NOT NULL, amount numeric(78,0) NOT NULL);
  INSERT INTO balances SELECT n, 1000000 FROM generate_series(0, $ACCOUNTS - 1) AS n`;

/** One payment; the accounts in one order everywhere, so that no two wait for each other. */
const ONE = `
  WITH moved AS (
    UPDATE balances SET amount = amount + CASE WHEN account = $1 THEN -1 ELSE 1 END
    WHERE account IN (SELECT account FROM balances WHERE account IN ($1, $2) ORDER BY account FOR UPDATE))
  INSERT INTO entries (payer, payee, amount) VALUES ($1, $2, 1)`;

/** Many, each account's sum at once. */
const MANY = `
  WITH paid AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS p (payer, payee)),
  sums AS (SELECT account, sum(change) AS change FROM (
    SELECT payer AS account, -1 AS change FROM paid UNION ALL SELECT payee, 1 FROM paid) AS c GROUP BY account),
  held AS (SELECT account FROM balances WHERE account IN (SELECT account FROM sums) ORDER BY account FOR UPDATE),
  moved AS (UPDATE balances b SET amount = b.amount + s.change FROM sums s JOIN held USING (account) WHERE b.account = s.account)
  INSERT INTO entries (payer, payee, amount) SELECT payer, payee, 1 FROM paid`;

/** Payments a second of a plain ledger without a signature: two row updates and a journal row each, durable. */
export async function plainLedger(url: string, accounts: number, seconds: number) {
  const pool = new Pool({ connectionString: url, max: CLIENTS, options: "-c synchronous_commit=on" });
  // Its connections may still be there when it has ended, and the server breaks them off when it stops.
  pool.on("error", () => undefined);
  await pool.query(SCHEMA.replace("$ACCOUNTS", String(accounts)));
  const any = () => Math.floor(Math.random() * accounts);
  const rate = async (payments: number, act: () => Promise<unknown>) => {
    const began = performance.now();
    let done = 0;
    const client = async () => {
      for (; performance.now() < began + 1000 * seconds; done += payments) await act();
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    return Math.round((done * 1000) / (performance.now() - began));
  };
  const pair = () => {
    const payer = any();
    return [payer, (payer + 1 + Math.floor(Math.random() * (accounts - 1))) % accounts] as const;
  };
  const oneEach = await rate(1, () => pool.query({ name: "one", text: ONE, values: [...pair()] }));
  const batched = await rate(TOGETHER, () => {
    const pairs = Array.from({ length: TOGETHER }, pair);
    return pool.query({ name: "many", text: MANY, values: [pairs.map(([payer]) => payer), pairs.map(([, to]) => to)] });
  });
  await pool.end();
  return { clients: CLIENTS, oneEach, batched };
}
