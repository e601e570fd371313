import { encodeChallenge, encodeProveLocks, encodeSettle } from "../../chain/dispute";
import type { Call } from "../../chain/outbox";
import { keccak, type Address, type Answer, type Hash, type Hex, type LockEvidence } from "../../protocol";
import type { Situation } from "./situation";
import type { Task } from "./tasks";

/** Locks or preimages in one transaction: some 3 million gas, far below any block's limit. */
const AT_ONCE = 100;

/**
 * What is to be sent on a pending close now: what answers it and, at its end, the settlement.
 * @param now the latest block's time, in Unix seconds
 */
export function tasksFor(situation: Situation, hub: Address, now: bigint): Task[] {
  const { answers, claims, close, channel, standing } = situation;
  // A lock counts by its registration: that must be mined first.
  const isRegistering = claims.unregistered.length > 0;
  const due = answers.filter(({ show }) => show !== "locks" || !isRegistering);
  const answering = due.flatMap((answer) => answerTasks(situation, answer, hub));
  if (answering.length > 0 || isRegistering || now < situation.settleableFrom) return answering;
  const data = encodeSettle(channel.key, close.record, standing);
  return [{ name: `settle:${close.id}`, call: vital(hub, data, null) }];
}

function answerTasks({ channel, close }: Situation, answer: Answer, hub: Address): Task[] {
  const { key, id } = channel;
  switch (answer.show) {
    case "state": {
      const { version } = answer.evidence.state;
      const data = encodeChallenge(key, close.record, answer.evidence);
      return [{ name: `challenge:${id}:${version}`, call: vital(hub, data, answer.until) }];
    }
    case "locks":
      return portions<LockEvidence>(answer.locks).map((some) => ({
        name: `locks:${id}:${nameOf(some.map(({ lock }) => lock.hash))}`,
        call: vital(hub, encodeProveLocks(key, close.record, answer.of, some), answer.until),
        // The hub takes them from nobody else but a watchtower that the system appointed.
        sender: key.system,
      }));
    case "note":
      // Only users are paid by notes.
      return [];
  }
}

/** A call that is sent whatever was spent; of no use any more after `deadline`, in Unix seconds. */
export function vital(to: Address, data: Hex, deadline: bigint | null): Call {
  return { to, data, value: 0n, deadline, vital: true };
}

/** Names a call by what it shows. */
export function nameOf(hashes: readonly Hash[]): Hash {
  return keccak(Buffer.from(hashes.map((hash) => hash.slice(2)).join(""), "hex"));
}

/** As many as one transaction takes at once. */
export function portions<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / AT_ONCE);
  return Array.from({ length: count }, (_, i) => items.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}
