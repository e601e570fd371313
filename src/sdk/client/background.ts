import type { StarledgerError } from "../../errors";
import type { Address } from "../../protocol";
import type { Towers } from "../watchtower";
import type { PublicationCheck } from "./publications";

/** What a client does besides its calls. */
export interface Background {
  /** Milliseconds between two looks at chain and service; 0 for none but {@link Client.refresh}. */
  readonly poll: number;
  /** Told of what went wrong in the background, a forged or missing note among it. */
  readonly onError: (error: StarledgerError, token: Address) => void;
  /** Handed over to after everything that changes a channel. */
  readonly towers: Towers;
  /** Told what came of checking each publication. */
  readonly onPublication: (check: PublicationCheck, token: Address) => void;
  /** Lets others use the store again. */
  unlock(): Promise<void>;
}
