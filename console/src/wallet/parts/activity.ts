import type { Hash } from "../../../../src/protocol";
import type { Client, Deposit, Deposits, HistoryEntry } from "../../../../src/sdk/browser";
import type { NamedAsset } from "../../data/chain";
import type { Holding } from "../session/Account";

/** A deposit, as the account's own node has it now. */
export type Deposited = Deposit & {
  readonly type: "deposited";
  readonly version?: undefined;
  /** The last block that is final. */
  readonly final: bigint;
};

/** What happened, with what became of it. */
export interface Happening {
  readonly key: string;
  readonly asset: NamedAsset;
  readonly entry: Exclude<HistoryEntry, { type: "settled" | "returned" }> | Deposited;
  /** Of a conditional payment. */
  readonly outcome: "waits" | "taken" | "returned" | undefined;
  /** Of a conditional payment that was taken. */
  readonly preimage: Hash | undefined;
}

/** What happened to all assets of an account, by its own records. */
export async function readRecords(client: Client, holdings: readonly Holding[]): Promise<readonly Happening[]> {
  const lists = await Promise.all(
    holdings.map(async ({ asset }) => happeningsOf(asset, await client.history(asset.token))),
  );
  return lists.flat();
}

/** The deposits of an asset. */
export interface AssetDeposits extends Deposits {
  readonly asset: NamedAsset;
}

/** What was deposited in each asset, by the account's own node. */
export function readDeposits(client: Client, assets: readonly NamedAsset[]): Promise<readonly AssetDeposits[]> {
  return Promise.all(assets.map(async (asset) => ({ asset, ...(await client.deposits(asset.token)) })));
}

/** Both together, newest first. */
export function together(records: readonly Happening[], deposits: readonly AssetDeposits[]): readonly Happening[] {
  const deposited = deposits.flatMap(({ asset, found, final }) =>
    found.map((deposit, index): Happening => ({
      key: `${asset.token}-${deposit.transaction}-${index}`,
      ...{ asset, outcome: undefined, preimage: undefined },
      entry: { type: "deposited", ...deposit, final },
    })),
  );
  return [...records, ...deposited].sort((a, b) => Number((b.entry.time ?? 0n) - (a.entry.time ?? 0n)));
}

/** Newest first. */
function happeningsOf(asset: NamedAsset, entries: readonly HistoryEntry[]): readonly Happening[] {
  const ends = new Map<Hash, HistoryEntry>();
  const told: Happening[] = [];
  [...entries.entries()].reverse().forEach(([index, entry]) => {
    if (entry.type === "settled" || entry.type === "returned") {
      ends.set(entry.hash, entry);
      return;
    }
    const end = entry.type === "locked" ? ends.get(entry.hash) : undefined;
    // The same hash can be locked again once it came back.
    if (entry.type === "locked") ends.delete(entry.hash);
    told.push({
      ...{ key: `${asset.token}-${index}`, asset, entry },
      outcome:
        entry.type !== "locked"
          ? undefined
          : end === undefined
            ? "waits"
            : end.type === "settled"
              ? "taken"
              : "returned",
      preimage: end?.type === "settled" ? end.preimage : undefined,
    });
  });
  return told;
}

/** What the account has less or more by it; undefined where nothing says. */
export function effectOf({ entry, outcome }: Happening): bigint | undefined {
  switch (entry.type) {
    case "received":
    case "deposited":
      return entry.amount;
    case "locked":
      return outcome === "returned" ? 0n : -(entry.amount + entry.fee);
    case "adopted":
    case "closing":
      return undefined;
    default:
      return -entry.amount;
  }
}
