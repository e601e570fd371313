import { InvalidArgumentError } from "commander";

import { toAddress, toHash, type Address, type ChannelId, type Hash } from "../protocol";
import { readAlias, type AliasText } from "../wire";

// What commander reads arguments and options with: what is malformed is refused before anything is done.

export function address(text: string): Address {
  return /^0x[0-9a-fA-F]{40}$/.test(text) ? toAddress(text) : refuse("an address is 0x and 40 digits");
}

/** An account by its address, or by a name of the service's or of another host's. */
export function payee(text: string): Address | AliasText {
  if (/^0x/i.test(text)) return address(text);
  return readAlias(text) ?? refuse("an address, a name, or a name@host is meant");
}

export function hash(text: string): Hash {
  return /^0x[0-9a-fA-F]{64}$/.test(text) ? toHash(text) : refuse("a hash is 0x and 64 digits");
}

export function channelId(text: string): ChannelId {
  return hash(text) as string as ChannelId;
}

/** A list that grows with every time the option is given. */
export function addresses(text: string, before: readonly Address[] = []): readonly Address[] {
  return [...before, address(text)];
}

/** Addresses of servers, with commas between. */
export function servers(text: string): readonly string[] {
  const all = text.split(",");
  return all.every((one) => /^https?:\/\//.test(one) && URL.canParse(one))
    ? all
    : refuse("an address is https://host:port");
}

/** A share in hundredths of a per cent. */
export function share(text: string): number {
  return /^\d{1,5}$/.test(text) && Number(text) <= 10_000 ? Number(text) : refuse("a share is 0 to 10000");
}

/** A whole number of at most 15 digits. */
export function whole(text: string): bigint {
  return /^\d{1,15}$/.test(text) ? BigInt(text) : refuse("a whole number is meant");
}

/** The same, of at least one. */
export function positive(text: string): bigint {
  const number = whole(text);
  return number > 0n ? number : refuse("a number above zero is meant");
}

function refuse(reason: string): never {
  throw new InvalidArgumentError(`${reason}.`);
}
