import type { ContraAccount, EventType, LedgerAccount, LedgerEvent } from "../engine";
import { fail } from "../errors";
import type { Address, Hash } from "../protocol";
import type { AccountService } from "./accountService";

/** From `from` on, and before `to`, in Unix milliseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** What an entry did to an account. */
export interface StatementLine {
  readonly number: bigint;
  readonly time: number;
  readonly type: EventType;
  readonly counterparty: LedgerAccount;
  readonly reference: Hash;
  readonly debit: bigint;
  readonly credit: bigint;
  /** What the account had after it. */
  readonly balance: bigint;
}

export interface Statement {
  readonly opening: bigint;
  readonly closing: bigint;
  readonly lines: readonly StatementLine[];
}

/** What an asset's customers had, and what came and went, in one period. */
export interface AssetStatement extends Readonly<Record<Flow, bigint>> {
  readonly opening: bigint;
  readonly closing: bigint;
  /** What the backing allowed at the end; null before the asset was listed. */
  readonly limit: bigint | null;
}

type Flow = Exclude<ContraAccount, "locked">;

const FLOWS: readonly Flow[] = ["issued", "deposited", "redeemed", "withdrawn", "settled", "fees", "restored"];
const CAME_IN: ReadonlySet<Flow> = new Set(["issued", "deposited", "restored"]);
const MOST_LINES = 10_000;
const STEP = 1_000;

/**
 * What an account had, each entry, and what it has then, in base units; locked money has left it.
 * @throws unknown_account, too_many_lines
 */
export async function accountStatement(
  service: AccountService,
  account: Address,
  token: Address,
  { from, to }: Period,
): Promise<Statement> {
  service.account(account);
  const opening = (await service.totals(token, { until: from, accounts: [account] })).get(account) ?? 0n;
  const lines: StatementLine[] = [];
  let closing = opening;
  for await (const event of entriesOf(service, { account, token, from, until: to })) {
    const line = lineOf(event, account, closing);
    if (line === null) continue;
    if (lines.length === MOST_LINES) fail("too_many_lines", { most: MOST_LINES });
    closing = line.balance;
    lines.push(line);
  }
  return { opening, closing, lines };
}

/**
 * What the system owed its customers of an asset before and after, and what came and went by each of its own accounts.
 * @throws unknown_asset
 */
export async function assetStatement(
  service: AccountService,
  token: Address,
  { from, to }: Period,
): Promise<AssetStatement> {
  service.asset(token);
  const [before, after] = await Promise.all(
    [from, to].map((until) => service.totals(token, { until, accounts: FLOWS })),
  );
  const change = (account: Flow) => (after!.get(account) ?? 0n) - (before!.get(account) ?? 0n);
  const flows = Object.fromEntries(FLOWS.map((flow) => [flow, sizeOf(flow, change(flow))])) as Record<Flow, bigint>;
  return { ...flows, opening: owed(before!), closing: owed(after!), limit: await limitAt(service, token, to) };
}

/** What comes in comes out of a contra account. */
function sizeOf(flow: Flow, change: bigint): bigint {
  return CAME_IN.has(flow) ? -change : change;
}

/** All that customers have, and what is locked: what has come in and not gone out again. */
function owed(flows: ReadonlyMap<LedgerAccount, bigint>): bigint {
  let sum = 0n;
  for (const total of flows.values()) sum -= total;
  return sum;
}

async function limitAt(service: AccountService, token: Address, until: number): Promise<bigint | null> {
  const types = ["asset.added", "asset.limitChanged"] as const;
  const [last] = await service.events({ types, token, until, order: "descending", limit: 1 });
  return last === undefined ? null : (last as LedgerEvent<(typeof types)[number]>).data.limit;
}

async function* entriesOf(
  service: AccountService,
  query: { readonly account: Address; readonly token: Address; readonly from: number; readonly until: number },
): AsyncGenerator<LedgerEvent> {
  for (let after = 0n; ;) {
    const step = await service.events({ ...query, after, limit: STEP });
    yield* step;
    const last = step.at(-1);
    if (last === undefined || step.length < STEP) return;
    after = last.number;
  }
}

/** Null for what moved no money of the account. */
function lineOf(
  { number, time, type, account, counterparty, amount, reference }: LedgerEvent,
  of: Address,
  before: bigint,
): StatementLine | null {
  if (account === null || counterparty === null || amount === null) return null;
  if (account !== of && counterparty !== of) return null;
  const isDebit = account === of;
  const [debit, credit] = isDebit ? [amount, 0n] : [0n, amount];
  const other = isDebit ? counterparty : account;
  return { number, time, type, counterparty: other, reference, debit, credit, balance: before - debit + credit };
}
