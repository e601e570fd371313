import { randomBytes } from "node:crypto";

import { toHash, toHex, type Hash } from "../protocol";

/** A preimage that nobody can guess. */
export function secureRandomHash(): Hash {
  return toHash(toHex(randomBytes(32)));
}
