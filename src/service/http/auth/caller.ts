import type { Address } from "../../../protocol";
import { SCOPES, type Scope } from "../../../wire";

/** To what a caller is confined; null where it is not. */
export interface Restrictions {
  readonly accounts: readonly Address[] | null;
  readonly tokens: readonly Address[] | null;
}

/** Who makes a request, and what it may ask for. */
export interface Caller {
  readonly kind: "operator" | "key" | "user";
  /** No two callers have the same. */
  readonly id: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly restrictions: Restrictions;
}

/** The holder of the configured key. */
export const OPERATOR: Caller = {
  kind: "operator",
  id: "operator",
  scopes: new Set(SCOPES),
  restrictions: { accounts: null, tokens: null },
};
