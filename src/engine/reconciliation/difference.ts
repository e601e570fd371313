import type { Address, ChannelId } from "../../protocol";
import type { LedgerAccount } from "../events";

/** Every kind of difference, and what it says. */
export const DIFFERENCES = {
  account_total: "The log's entries of an account do not add up to what its channel holds.",
  locked_total: "The log's entries of `locked` do not add up to what waits for a preimage.",
  liabilities: "What the asset says that the system owes is not what its channels hold and its locks promise.",
  limit_exceeded: "The system owes more than its backing covers.",
  not_covered: "A channel of a collateral asset is owed more than its own collateral.",
  stored_account: "An account is not in the store as the service has it.",
  stored_asset: "An asset is not in the store as the service has it.",
  stored_channel: "A channel is not in the store as the service has it.",
  pending_unsigned: "A withdrawal is pending whose signatures the store does not have.",
  pending_over: "A withdrawal is pending that the chain shows as settled, or whose deadline has passed there.",
  chain_settings: "The hub has other settings of the asset.",
  chain_limit: "The hub, or the token, covers another amount than the asset says.",
  chain_epoch: "The hub is at another epoch of the channel.",
  chain_closing: "A close is pending on the hub, and the channel is open here.",
  chain_funds: "The hub has other funds in the channel.",
  hub_balance: "The hub holds less of the token than its books say of this system alone.",
} as const;

export type DifferenceKind = keyof typeof DIFFERENCES;

/** Two records that should agree and do not. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly token: Address | null;
  readonly account: LedgerAccount | null;
  readonly channel: ChannelId | null;
  /** Which part of the record, where it has several. */
  readonly field: string | null;
  /** What the record says: a number, or JSON. */
  readonly got: string;
  /** What the other records lead to. */
  readonly want: string;
}

type Subject = Partial<Pick<Difference, "token" | "account" | "channel" | "field">>;

/** A difference, unless `got` is what it should be. */
export function compare(kind: DifferenceKind, subject: Subject, got: unknown, want: unknown): Difference[] {
  const [is, shouldBe] = [textOf(got), textOf(want)];
  if (is === shouldBe) return [];
  return [{ kind, token: null, account: null, channel: null, field: null, ...subject, got: is, want: shouldBe }];
}

/** One difference per field of `want` that `got` has otherwise; one in all where `got` is missing. */
export function compareFields(
  kind: DifferenceKind,
  subject: Subject,
  got: object | undefined,
  want: object | undefined,
): Difference[] {
  if (got === undefined || want === undefined) return compare(kind, subject, got, want);
  const is = new Map<string, unknown>(Object.entries(got));
  return Object.entries(want).flatMap(([field, value]) => compare(kind, { ...subject, field }, is.get(field), value));
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  const text = JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? item.toString() : item)) as
    string | undefined;
  return text ?? "nothing";
}
