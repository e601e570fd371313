import { failed, passed, type Check } from "./check";

/** What a reconciliation found of one system; the first differences, where there are many. */
export interface Found {
  readonly system: string;
  readonly commit: bigint;
  /** Whether the chain was read too. */
  readonly chain: boolean;
  readonly total: number;
  readonly differences: readonly (Record<"kind" | "got" | "want", string> &
    Record<"token" | "account" | "channel" | "field", string | null>)[];
}

/** Every difference by its name. */
export function booksChecks({ system, commit, chain, total, differences }: Found): Check[] {
  const name = `books of ${system}`;
  if (total === 0) return [passed(name, `hold as of commit ${commit}${chain ? ", the chain included" : ""}`)];
  const unnamed = total - differences.length;
  return [
    ...differences.map(({ kind, token, account, channel, field, got, want }) => {
      const where = [token, account, channel, field].filter((part) => part !== null).join(" ");
      return failed(`${name}: ${kind}`, `${where}: got ${got}, want ${want}`);
    }),
    ...(unnamed > 0 ? [failed(name, `${unnamed} more differences`)] : []),
  ];
}
