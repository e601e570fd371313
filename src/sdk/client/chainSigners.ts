import type { Address } from "../../protocol";
import type { Hub } from "../chain";
import type { SystemSigners } from "../wallet";

/** The system's signers as the final block has them; asked about once until {@link forget}. */
export class ChainSigners implements SystemSigners {
  private readonly known = new Set<Address>();

  constructor(
    private readonly hub: Hub,
    private readonly system: Address,
  ) {}

  async has(signer: Address): Promise<boolean> {
    if (this.known.has(signer)) return true;
    const isOne = await this.hub.isSigner(this.system, signer, "finalized");
    if (isOne) this.known.add(signer);
    return isOne;
  }

  /** From here on the chain is asked again: a signer can be retired. */
  forget(): void {
    this.known.clear();
  }
}
