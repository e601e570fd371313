import type * as z from "zod";

import type { surroundings } from "../../wire";

/** Whom wallets and the console's pages may ask besides the service. */
export type Surroundings = z.output<typeof surroundings>;

export const NO_SURROUNDINGS: Surroundings = { nodes: [], watchtowers: [], explorer: null };
