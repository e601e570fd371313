import { BlockList, isIPv6 } from "node:net";

/** Whether an address is in one of the networks (CIDR). */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [base, bits] = partsOf(network);
    list.addSubnet(base, bits, familyOf(base));
  }
  // IPv4 that reaches a socket of IPv6.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
  return list.check(plain, familyOf(plain));
}

/** Whether all of a network is in one of the others. */
export function isSubnet(network: string, networks: readonly string[]): boolean {
  const [base, bits] = partsOf(network);
  return networks.some((other) => bits >= partsOf(other)[1] && isWithin(base, [other]));
}

function partsOf(network: string): [base: string, bits: number] {
  const [base = "", bits = ""] = network.split("/");
  return [base, Number(bits)];
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
