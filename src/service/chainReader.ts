import { readBooks } from "../chain/books";
import type { Channel } from "../engine";
import { NO_FUNDS, type Address } from "../protocol";
import { toJson } from "../protocol/json";
import type { SystemChain } from "./chain";
import type { ChainReader } from "./reconciliation";

/**
 * Reads from the chain what a ledger says of it.
 * @param channels all of them, or only those that have been on chain as far as the ledger knows
 */
export function chainReader(
  { runner, domain }: Pick<SystemChain, "runner" | "domain">,
  system: Address,
  channels: "all" | "touched" = "touched",
): ChainReader {
  return async (ledger) => {
    const tokens = [...ledger.assets.values()].map(({ token }) => token);
    const open = [...ledger.channels.values()].filter(({ status }) => status !== "settled");
    const asked = channels === "all" ? open : open.filter(isTouched);
    return await readBooks(runner.provider, domain.hub, system, tokens, asked);
  };
}

function isTouched({ funds, pending, closing, status, key }: Channel): boolean {
  return pending !== null || closing !== null || status !== "open" || key.epoch > 0n || toJson(funds) !== NOTHING;
}

const NOTHING = toJson(NO_FUNDS);
