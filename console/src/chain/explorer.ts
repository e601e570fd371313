import { createContext } from "react";

/** Where the chain's transactions are shown, with `{transaction}` for the hash; null for nowhere. */
export const Explorer = createContext<string | null>(null);
