import type { Command } from "commander";

import { ZERO_HASH, type Address, type Hash } from "../protocol";
import { address, hash } from "./arguments";

/** Of commands that change something. */
export interface Keyed {
  readonly idempotencyKey?: string;
}

/** Of commands that move money. */
export interface MoneyOptions extends Keyed {
  readonly token?: Address;
  readonly reference: Hash;
}

/** A command that may be repeated safely by giving the same key again. */
export function withIdempotencyKey(command: Command): Command {
  return command.option(
    "--idempotency-key <key>",
    "the same again, with the same request, changes nothing more; a new random one by default",
  );
}

/** A command that moves money in one token, with the caller's own mark on it. */
export function withMoneyOptions(command: Command): Command {
  return withIdempotencyKey(
    withToken(command).option("--reference <hash>", "your own mark on the payment, 32 bytes", hash, ZERO_HASH),
  );
}

/** A command about one token. */
export function withToken(command: Command): Command {
  return command.option("--token <address>", "the token; needed where the service lists several", address);
}
