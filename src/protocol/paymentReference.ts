import { UINT64_MAX, within } from "./primitives";
import type { Address, Hash } from "./types";

/**
 * The 32 bytes that name a direct transfer or a redemption: the system, and the number of its event in the system's log. A
 * conditional payment is named by its hash.
 * @throws out_of_range
 */
export function paymentReference(system: Address, number: bigint): Hash {
  return (system + within(number, 1n, UINT64_MAX, "number").toString(16).padStart(24, "0")) as Hash;
}

/** The number of the event that is named; undefined if the bytes name none of the system's. */
export function numberOfPayment(system: Address, payment: Hash): bigint | undefined {
  return payment.startsWith(`${system}00000000`) ? BigInt(`0x${payment.slice(system.length)}`) : undefined;
}
