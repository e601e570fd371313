import { randomBytes } from "node:crypto";

import { assetIn, type Account, type CommandOf, type LedgerView, type Opened, type Opening } from "../engine";
import { fail, StarledgerError } from "../errors";
import { addressOf, toHex, type Address } from "../protocol";
import type { Signing } from "./hosted";
import type { BulkOpeningRequest } from "./requests";

/** Sorts out what cannot be opened, so that it fails nobody else. */
export function bulkOpening(
  view: LedgerView,
  { openings }: BulkOpeningRequest,
  composer: Signing,
): CommandOf<"openAccounts"> {
  const taken = new Map<Address, Opening>();
  const opened = openings.map(({ address, tokens }): Opened => {
    try {
      for (const token of tokens) assetIn(view, composer.system, token);
      const opening = { account: accountOf(address, composer), tokens, isNew: address === null };
      const { account } = opening;
      const exists = taken.has(account.address) || view.account(account.address) !== undefined;
      if (exists) fail("account_exists", { account: account.address });
      taken.set(account.address, opening);
      return { address: account.address };
    } catch (error) {
      if (!(error instanceof StarledgerError)) throw error;
      return { refused: error.code, details: error.details };
    }
  });
  return { type: "openAccounts", openings: [...taken.values()], opened };
}

/** An account as it begins: the customer's, or, without an address, the service's to sign for. */
function accountOf(address: Address | null, signing: Signing): Account {
  const { system } = signing;
  if (address !== null) return { address, system, custody: "self", sealedKey: null, status: "open" };
  const key = toHex(randomBytes(32));
  const made = addressOf(key);
  return { address: made, system, custody: "hosted", sealedKey: signing.seal(made, key), status: "open" };
}
