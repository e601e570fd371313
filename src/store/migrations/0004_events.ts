import type { Migration } from "./migration";

interface Dialect {
  /** Bytes as lower-case hexadecimal. */
  readonly hex: (column: string) => string;
  /** The aggregate that puts texts together with commas between. */
  readonly joined: (text: string) => string;
  /** The text at a key of a column of JSON. */
  readonly at: (column: string, key: string) => string;
  readonly bytes: string;
  readonly integer: string;
  readonly text: string;
  readonly amount: string;
  readonly table: string;
}

const SQLITE: Dialect = {
  hex: (column) => `lower(hex(${column}))`,
  joined: (text) => `group_concat(${text}, ',')`,
  at: (column, key) => `json_extract(${column}, '$.${key}')`,
  bytes: "BLOB",
  integer: "INTEGER",
  text: "TEXT",
  amount: "TEXT",
  table: "STRICT, WITHOUT ROWID",
};

const POSTGRES: Dialect = {
  hex: (column) => `encode(${column}, 'hex')`,
  joined: (text) => `string_agg(${text}, ',')`,
  at: (column, key) => `(${column}::json ->> '${key}')`,
  bytes: "bytea",
  integer: "bigint",
  text: "text",
  amount: "numeric(78,0)",
  table: "",
};

const NOTHING = "CAST(NULL AS bytea)";

/**
 * The log: what was two lines of the journal is one event, numbered per system from 1 on. What is there already is told
 * in it: assets, then accounts, then the journal. States and notes keep the operations that their memos are the hash of.
 */
export const events: Migration = { sqlite: migrate(SQLITE), postgres: migrate(POSTGRES) };

function migrate(dialect: Dialect): string {
  const { bytes, integer, text, amount, table } = dialect;
  return `
    CREATE TABLE events (
      system ${bytes} NOT NULL,
      number ${integer} NOT NULL,
      commit_id ${integer} NOT NULL,
      time ${integer} NOT NULL,
      type ${text} NOT NULL,
      account ${bytes},
      counterparty ${bytes},
      party ${bytes},
      token ${bytes},
      amount ${amount},
      reference ${bytes},
      data ${text} NOT NULL,
      PRIMARY KEY (system, number)
    ) ${table};
    INSERT INTO events
      SELECT e.system, row_number() OVER (PARTITION BY e.system ORDER BY e.kind, e.commit_id, e.line),
        e.commit_id, coalesce(c.time, 0), e.type, e.account, e.counterparty, ${NOTHING}, e.token, e.amount, e.reference,
        e.data
      FROM (${assets()} UNION ALL ${accounts(dialect)} UNION ALL ${entries(dialect)}) AS e
      LEFT JOIN commits c ON c.system = e.system AND c.id = e.commit_id;
    DROP TABLE journal;

    CREATE INDEX events_of_account ON events (system, account, number) WHERE length(account) = 20;
    CREATE INDEX events_of_counterparty ON events (system, counterparty, number) WHERE length(counterparty) = 20;
    CREATE INDEX events_of_party ON events (system, party, number) WHERE party IS NOT NULL;
    CREATE INDEX events_by_type ON events (system, type, number) WHERE type <> 'money.transferred';
    CREATE INDEX events_by_reference ON events (system, reference, number)
      WHERE type <> 'money.transferred' AND reference IS NOT NULL;

    ALTER TABLE states ADD COLUMN operations ${text};
    ALTER TABLE notes ADD COLUMN operations ${text};
  `;
}

function assets(): string {
  const data = `'{"decimals":' || decimals || ',"settings":' || settings ||
    ',"allotment":"' || allotment || 'n","limit":"' || credit_limit || 'n"}'`;
  return `SELECT system, 1 AS kind, 1 AS commit_id, row_number() OVER (ORDER BY token) AS line, 'asset.added' AS type,
    ${NOTHING} AS account, ${NOTHING} AS counterparty, token, CAST(NULL AS numeric) AS amount, ${NOTHING} AS reference, ${data} AS data
    FROM assets`;
}

function accounts({ hex, joined }: Dialect): string {
  const tokens = joined(`'"0x' || ${hex("token")} || '"'`);
  return `SELECT a.system, 2, 1, row_number() OVER (ORDER BY address), 'account.opened', address, ${NOTHING}, ${NOTHING},
    CAST(NULL AS numeric), ${NOTHING}, '{"custody":"' || custody || '","tokens":[' || coalesce(t.tokens, '') || ']}'
    FROM accounts a LEFT JOIN (
      SELECT system, "user", ${tokens} AS tokens FROM channels WHERE epoch = 0 GROUP BY system, "user"
    ) AS t ON t.system = a.system AND t."user" = a.address`;
}

/** The line with the lesser amount is whose money it was; entries are lines 0 and 1, 2 and 3, … of a commit. */
function entries({ hex, at }: Dialect): string {
  const [from, to, reference] = [hex("account"), hex("counterparty"), hex("reference")];
  const is = (side: string, name: string) => `${side} = '${Buffer.from(name).toString("hex")}'`;
  const returned = `(system, counterparty, '0x' || ${reference}) IN (
    SELECT c.system, c."user", ${at("h.outgoing", "hash")} FROM htlcs h JOIN channels c ON c.id = h.payer
    WHERE h.status = 'failed')`;
  const first = "CAST(a.amount AS text) LIKE '-%'";
  return `SELECT system, 3, commit_id, line,
      CASE
        WHEN ${is(from, "issued")} THEN 'money.issued'
        WHEN ${is(to, "redeemed")} THEN 'money.redeemed'
        WHEN ${is(from, "deposited")} THEN 'deposit.credited'
        WHEN ${is(to, "withdrawn")} THEN 'withdrawal.settled'
        WHEN ${is(to, "locked")} THEN 'payment.locked'
        WHEN ${is(to, "fees")} THEN 'fee.charged'
        WHEN ${is(from, "locked")} AND ${is(to, "settled")} THEN 'payment.leftToChain'
        WHEN ${is(to, "settled")} THEN 'channel.settled'
        WHEN ${is(from, "locked")} AND ${returned} THEN 'payment.returned'
        WHEN ${is(from, "locked")} THEN 'payment.settled'
        ELSE 'money.transferred'
      END,
      account, counterparty, token, amount, CASE WHEN ${reference} = '${"0".repeat(64)}' THEN NULL ELSE reference END, '{}'
    FROM (
      SELECT a.system, a.commit_id, a.line, a.token, a.reference,
        CASE WHEN ${first} THEN a.account ELSE b.account END AS account,
        CASE WHEN ${first} THEN b.account ELSE a.account END AS counterparty,
        CASE WHEN ${first} THEN b.amount ELSE a.amount END AS amount
      FROM journal a JOIN journal b ON b.system = a.system AND b.commit_id = a.commit_id AND b.line = a.line + 1
      WHERE a.line % 2 = 0
    ) AS pairs`;
}
