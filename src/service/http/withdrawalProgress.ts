import type { LedgerEvent } from "../../engine";
import type { Hash } from "../../protocol";
import type { Payout } from "../../store";
import type { Api } from "./api";

/** How a withdrawal that is not over is on its way to the chain. */
export interface WithdrawalProgress {
  readonly status: "signed" | "queued" | "sent" | "refused";
  /** That carries it, or carried it last. */
  readonly transaction: Hash | null;
  /** Blocks on top of the transaction, its own included; null without one, and where another process sends it. */
  readonly confirmations: number | null;
  /** The hub's error, where it refused it. */
  readonly reason: string | null;
}

type Signed = LedgerEvent<"withdrawal.signed">;

/** Tells how withdrawals are on their way. */
export function withdrawalProgress({ store, services, sides }: Pick<Api, "store" | "services" | "sides">) {
  return async (signed: readonly Signed[]): Promise<(one: Signed) => WithdrawalProgress> => {
    const payouts = await store.payouts.of(signed.map(({ reference }) => reference));
    return ({ system, reference }) => {
      const payout = payouts.get(reference);
      const { transaction = null, refused: reason = null } = payout ?? {};
      const service = services.find(system);
      const side = service && sides.get(service);
      const confirmations = transaction === null ? null : (side?.confirmationsOf(transaction) ?? null);
      return { status: statusOf(payout), transaction, confirmations, reason };
    };
  };
}

function statusOf(payout: Payout | undefined): WithdrawalProgress["status"] {
  if (payout === undefined) return "signed";
  if (payout.refused !== null) return "refused";
  // What failed, or was given up, is sent once more.
  return payout.status === "sent" || payout.status === "done" ? "sent" : "queued";
}
