import type { Address, Hex } from "../protocol";
import type { Keystore } from "./keystore";

/** How many keys stay open: the payers of minutes, not every account that ever paid. */
const CAPACITY = 10_000;

/** The keys of hosted accounts; those opened last are kept, since a payer often pays again. */
export class HostedKeys {
  private readonly opened = new Map<Address, Hex>();

  constructor(private readonly keystore: Keystore) {}

  /** @throws wrong_secret */
  of(account: Address, sealed: string): Hex {
    const known = this.opened.get(account);
    if (known !== undefined) return known;
    const key = this.keystore.open(account, sealed);
    if (this.opened.size >= CAPACITY) this.opened.delete(this.opened.keys().next().value!);
    this.opened.set(account, key);
    return key;
  }
}
