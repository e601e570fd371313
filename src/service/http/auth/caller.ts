import type { Address } from "../../../protocol";
import type { ApiKey, Session } from "../../../store";
import { restrictions, SCOPES, type Scope } from "../../../wire";
import type { Budget } from "../../budgets";
import { rightsOf, type Rights } from "./rights";

/** Who makes a request, and what it may ask for. */
export interface Caller extends Rights {
  readonly kind: "operator" | "key" | "user";
  /** No two callers have the same. */
  readonly id: string;
  /** What its key is held to, and those keys that it descends from. */
  readonly budgets: readonly Budget[];
  /** Of an API key: its id, those of the keys that it descends from after it. */
  readonly keys: readonly string[];
  /** Of a user who signed in. */
  readonly session: Session | null;
}

const UNCONFINED = restrictions.parse({});
const NO_KEY = { budgets: [], keys: [], session: null, expires: null };

/** The holder of the configured key. */
export const OPERATOR: Caller = {
  ...NO_KEY,
  kind: "operator",
  id: "operator",
  scopes: new Set(SCOPES),
  restrictions: UNCONFINED,
};

/** What users may read: what is their own. */
const OWN = new Set<Scope>(["accounts:read", "money:read", "channels:read", "events:read", "statements:read"]);

/** A user may read what is its own, nothing else; what it changes, it signs. */
export function userOf(session: Session): Caller {
  const accounts: readonly Address[] = [session.account];
  return {
    ...NO_KEY,
    kind: "user",
    id: session.account,
    scopes: OWN,
    restrictions: { ...UNCONFINED, accounts },
    session,
  };
}

/**
 * What a key may do is its own right. What it moves counts for the keys that it descends from as well: else one would move
 * more through many.
 */
export function keyHolder(chain: readonly [ApiKey, ...ApiKey[]]): Caller {
  const [key] = chain;
  const { scopes, restrictions } = rightsOf(key);
  return {
    kind: "key",
    id: key.id,
    scopes: new Set(scopes),
    restrictions,
    expires: key.expires,
    budgets: chain.flatMap((one) => {
      const { limits } = rightsOf(one).restrictions;
      return limits === null ? [] : [{ key: one.id, limits }];
    }),
    keys: chain.map(({ id }) => id),
    session: null,
  };
}
