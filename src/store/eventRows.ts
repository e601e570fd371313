import { isCustomer, type EventType, type LedgerAccount, type LedgerEvent } from "../engine";
import { toHex, ZERO_HASH, type Address, type Hash, type Hex } from "../protocol";
import { fromJson } from "../protocol/json";
import { hex, integer, nullable, type Row } from "./query";

/** An address, a contra account as the bytes of its name. */
export function ledgerAccountHex(account: LedgerAccount): Hex {
  return isCustomer(account) ? account : toHex(Buffer.from(account, "utf8"));
}

export function ledgerAccountOf(value: unknown): LedgerAccount {
  const bytes = Buffer.from(value as Uint8Array);
  return (bytes.length === 20 ? toHex(bytes) : bytes.toString("utf8")) as LedgerAccount;
}

export function eventOf(row: Row): LedgerEvent {
  return {
    system: hex(row["system"]) as Address,
    number: integer(row["number"]),
    commit: integer(row["commit_id"]),
    time: Number(row["time"]),
    type: row["type"] as EventType,
    account: nullable(row["account"], ledgerAccountOf),
    counterparty: nullable(row["counterparty"], ledgerAccountOf),
    party: nullable(row["party"], (value) => hex(value) as Address),
    token: nullable(row["token"], (value) => hex(value) as Address),
    amount: nullable(row["amount"], integer),
    reference: nullable(row["reference"], (value) => hex(value) as Hash) ?? ZERO_HASH,
    data: fromJson(row["data"] as string),
  } as LedgerEvent;
}
