import type { Address } from "../../../protocol";
import type { Session } from "../../../store";
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
  /** Of a user who signed in. */
  readonly session?: Session;
}

/** The holder of the configured key. */
export const OPERATOR: Caller = {
  kind: "operator",
  id: "operator",
  scopes: new Set(SCOPES),
  restrictions: { accounts: null, tokens: null },
};

/** What users may read: what is their own. */
const OWN = new Set<Scope>(["accounts:read", "money:read", "channels:read", "events:read", "statements:read"]);

/** A user may read what is its own, nothing else; what it changes, it signs. */
export function userOf(session: Session): Caller {
  const { account } = session;
  return { kind: "user", id: account, scopes: OWN, restrictions: { accounts: [account], tokens: null }, session };
}
