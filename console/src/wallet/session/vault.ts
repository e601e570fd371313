import type { Address } from "../../../../src/protocol";
import type { WatchtowerOptions } from "../../../../src/sdk/browser";

/** Where the account's key is: in this browser, encrypted, or in the wallet that was added to it. */
export type Vault = (
  | { readonly kind: "own"; readonly address: Address; readonly keystore: string }
  | { readonly kind: "injected"; readonly address: Address }
) & {
  /** Whom the account is with, where its owner had to choose. */
  readonly system?: Address;
  /** Who is handed what the account is defended with. */
  readonly towers?: readonly WatchtowerOptions[];
};

const KEPT = "starledger.vault";

/** The account that was used here last. */
export function readVault(): Vault | undefined {
  const kept = localStorage.getItem(KEPT);
  return kept === null ? undefined : (JSON.parse(kept) as Vault);
}

export function keepVault(vault: Vault): void {
  localStorage.setItem(KEPT, JSON.stringify(vault));
}

export function dropVault(): void {
  localStorage.removeItem(KEPT);
}
