import type { Address } from "../../../../src/protocol";
import type { OperatorApi } from "../../../../src/sdk/operator";
import type { NamedAsset } from "../../data/chain";
import { matches, sumOf, type Samples } from "./metricsText";

export type Progress = Awaited<ReturnType<OperatorApi["progress"]>>["systems"][number];

/** What is not as it should be, and how bad that is. */
export type Finding = { readonly tone: "warn" | "bad" } & (
  | { readonly what: "notReady" | "noLeader" | "noChain" | "disputeLate" }
  | { readonly what: "queue"; readonly waiting: number; readonly limit: number }
  | { readonly what: "gasLow"; readonly sender: Address }
  | { readonly what: "outboxOld"; readonly seconds: number }
  | { readonly what: "differences"; readonly count: number }
  | { readonly what: "paused" | "short"; readonly asset: NamedAsset }
);

interface Known {
  readonly isReady: boolean | undefined;
  readonly progress: Progress | undefined;
  readonly metrics: Samples | undefined;
  readonly assets: readonly NamedAsset[];
  readonly system: Address;
}

/** A queue that is this full does not keep up; a call to the chain that is this old does not get through (seconds). */
const [FULL, OLD] = [0.5, 900];
/** What is owed may be this part of what the backing allows before it is told. */
const NEAR = 95n;

/** All that needs the operator, the worst first. */
export function healthOf({ isReady, progress, metrics, assets, system }: Known): readonly Finding[] {
  const found: Finding[] = [];
  if (isReady === false) found.push({ tone: "bad", what: "notReady" });
  if (progress !== undefined) found.push(...ofProgress(progress));
  if (metrics !== undefined) found.push(...ofMetrics(metrics, system));
  for (const asset of assets) {
    if (asset.paused !== null)
      found.push({ tone: asset.paused === "operator" ? "warn" : "bad", what: "paused", asset });
    const isShared = asset.settings.backing !== "collateral";
    const isNear = isShared && asset.liabilities > 0n && 100n * asset.liabilities > NEAR * asset.limit;
    if (isNear) found.push({ tone: "warn", what: "short", asset });
  }
  return [...found.filter(({ tone }) => tone === "bad"), ...found.filter(({ tone }) => tone === "warn")];
}

function ofProgress({ leads, leader, waiting, queueLimit, chain }: Progress): readonly Finding[] {
  const found: Finding[] = [];
  if (!leads && leader === null) found.push({ tone: "bad", what: "noLeader" });
  if (waiting !== null && queueLimit !== null && waiting > FULL * queueLimit) {
    found.push({ tone: "warn", what: "queue", waiting, limit: queueLimit });
  }
  if (chain !== null && chain.head === null) found.push({ tone: "bad", what: "noChain" });
  for (const { sender, isLow } of chain?.senders ?? []) if (isLow) found.push({ tone: "bad", what: "gasLow", sender });
  return found;
}

function ofMetrics(metrics: Samples, system: Address): readonly Finding[] {
  const found: Finding[] = [];
  const ages = (metrics.get("starledger_outbox_age_seconds") ?? []).filter((one) => matches(one, { system }));
  const oldest = Math.max(0, ...ages.map(({ value }) => value));
  if (oldest > OLD) found.push({ tone: "warn", what: "outboxOld", seconds: oldest });
  if ((sumOf(metrics, "starledger_disputes_late", { system }) ?? 0) > 0)
    found.push({ tone: "bad", what: "disputeLate" });
  const differences = sumOf(metrics, "starledger_reconciliation_differences", { system }) ?? 0;
  if (differences > 0) found.push({ tone: "bad", what: "differences", count: differences });
  return found;
}
