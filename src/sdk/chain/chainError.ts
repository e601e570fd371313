import { StarledgerError } from "../../errors";
import { HUB } from "./abi";

const REJECTED_BY_USER = 4001;

/** What a node, or the contract behind it, answered, as one of the project's own errors. */
export function asChainError(error: unknown): StarledgerError {
  if (error instanceof StarledgerError) return error;
  const { code, message = String(error), data } = error as { code?: unknown; message?: string; data?: unknown };
  if (code === REJECTED_BY_USER) return new StarledgerError("signature_refused", { reason: message });
  const revert = revertData(data);
  if (revert !== undefined) return refusal(revert, message);
  const isRefusal = /revert|insufficient funds|exceeds balance/i.test(message);
  return new StarledgerError(isRefusal ? "transaction_failed" : "chain_unreachable", { reason: message });
}

function refusal(revert: string, reason: string): StarledgerError {
  const known = HUB.parseError(revert);
  return new StarledgerError(
    "transaction_failed",
    known === null ? { reason } : { error: known.name, arguments: known.args.map(String).join(" ") },
  );
}

/** Nodes put what a call reverted with into `data`, some into `data.data`. */
function revertData(data: unknown): string | undefined {
  if (typeof data === "string") return /^0x([0-9a-f]{2}){4,}$/i.test(data) ? data : undefined;
  if (data !== null && typeof data === "object" && "data" in data) return revertData(data.data);
  return undefined;
}
