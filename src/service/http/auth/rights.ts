import { z } from "zod";

import { fail } from "../../../errors";
import type { ApiKey } from "../../../store";
import { restrictions, scope, type Restrictions, type Scope } from "../../../wire";
import { isSubnet } from "./networks";

/** What a key may do, and until when (Unix milliseconds). */
export interface Rights {
  readonly scopes: ReadonlySet<Scope>;
  readonly restrictions: Restrictions;
  readonly expires: number | null;
}

const stored = z.object({ name: z.string(), scopes: z.array(scope), restrictions });

/** What is stored of a key's rights as JSON, with the name that it was given. */
export type NamedRights = z.output<typeof stored>;

export function rightsToText(rights: NamedRights): string {
  return JSON.stringify(z.encode(stored, rights));
}

export function rightsOf({ rights }: ApiKey): NamedRights {
  return stored.parse(JSON.parse(rights));
}

/**
 * Whoever makes a key gives nothing that it does not have.
 * @throws forbidden
 */
export function requireNarrower(key: Rights, maker: Rights): void {
  for (const scope of key.scopes) if (!maker.scopes.has(scope)) fail("forbidden", { scope });
  const [inner, outer] = [key.restrictions, maker.restrictions];
  for (const name of ["calls", "accounts", "tokens"] as const) {
    const allowed: readonly string[] | null = outer[name];
    demand(
      name,
      isNarrower(inner[name], allowed, (one) => allowed!.includes(one)),
    );
  }
  demand(
    "addresses",
    isNarrower(inner.addresses, outer.addresses, (one) => isSubnet(one, outer.addresses!)),
  );
  demand("limits", outer.limits === null || (inner.limits !== null && areLower(inner.limits, outer.limits)));
  demand("expires", maker.expires === null || (key.expires !== null && key.expires <= maker.expires));
}

function isNarrower<T>(
  inner: readonly T[] | null,
  outer: readonly T[] | null,
  isAllowed: (one: T) => boolean,
): boolean {
  return outer === null || (inner !== null && inner.every(isAllowed));
}

type Limits = NonNullable<Restrictions["limits"]>;

/** Each limit that is there for a token must be there again, and not be higher. */
function areLower(inner: Limits, outer: Limits): boolean {
  return inner.every(({ token }) => {
    const own = outer.filter((limit) => limit.token === token);
    const isKept = ({ seconds, amount }: Limits[number]) =>
      inner.some((limit) => limit.token === token && limit.seconds === seconds && limit.amount <= amount);
    return own.length > 0 && own.every(isKept);
  });
}

function demand(restriction: string, holds: boolean): void {
  if (!holds) fail("forbidden", { restriction });
}
