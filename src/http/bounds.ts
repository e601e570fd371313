import type { Server } from "node:http";
import { BlockList, isIPv6 } from "node:net";

/** Connections that a server holds: in all, fewer than the files that a process may open, and of one address. */
export interface ConnectionBounds {
  readonly all: number;
  /** In IPv6, of one network of 64 bits. */
  readonly perAddress: number;
  /** New ones of it in a second. */
  readonly perSecond: number;
}

export const CONNECTION_BOUNDS: ConnectionBounds = { all: 16_384, perAddress: 1_024, perSecond: 500 };

const SECOND = 1_000;

/**
 * Ends what is beyond at once, before anything is read of it: no limit on calls holds whoever connects and says nothing, or
 * again and again.
 * @param proxies addresses or networks from which any number of callers come
 * @param now milliseconds
 */
export function boundConnections(
  server: Server,
  proxies: readonly string[],
  bounds = CONNECTION_BOUNDS,
  now = () => performance.now(),
): void {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [base = "", bits = isIPv6(base) ? 128 : 32] = proxy.split("/");
    trusted.addSubnet(base, Number(bits), familyOf(base));
  }
  const [open, made] = [new Map<string, number>(), new Map<string, number>()];
  let began = now();
  server.maxConnections = bounds.all;
  server.on("connection", (socket) => {
    const address = plain(socket.remoteAddress ?? "");
    if (trusted.check(address, familyOf(address))) return;
    if (now() - began >= SECOND) {
      made.clear();
      began = now();
    }
    const from = networkOf(address);
    const isFlood = changed(made, from, 1) > bounds.perSecond;
    if (isFlood || (open.get(from) ?? 0) >= bounds.perAddress) return void socket.destroy();
    changed(open, from, 1);
    socket.once("close", () => changed(open, from, -1));
  });
}

/** What is counted under a name, once it has changed. */
function changed(counts: Map<string, number>, name: string, by: 1 | -1): number {
  const count = (counts.get(name) ?? 0) + by;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
  return count;
}

/** IPv4 that reaches a socket of IPv6 is IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** An address of IPv4, or the first half of one of IPv6: one customer has all of the rest. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail = ""] = address.split("%")[0]!.split("::");
  const [left, right] = [head, tail].map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array<string>(8 - left!.length - right!.length).fill("0");
  return [...left!, ...zeros, ...right!].slice(0, 4).join(":");
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
