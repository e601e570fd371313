import type { AccountService } from "./accountService";
import type { ChainSide } from "./chainSide";

/** How services keep up with their chains; those that others must keep up have none. */
export type Sides = Pick<ReadonlyMap<AccountService, ChainSide>, "get">;
