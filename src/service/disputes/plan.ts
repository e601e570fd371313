import type { Task } from "../../chain/outbox";
import { encodeChallenge, encodeProveLocks, encodeSettle } from "../../chain/dispute";
import { keccak, type Address, type Answer, type Hash, type LockEvidence } from "../../protocol";
import type { Orders } from "./orders";
import type { Situation } from "./situation";

/** Locks or preimages in one transaction: some 3 million gas, far below any block's limit. */
const AT_ONCE = 100;

/** Where calls go to, and who sends those that are not for everybody to send. */
export interface Sending {
  readonly hub: Address;
  readonly sender: Address;
  readonly orders: Orders;
}

/**
 * What is to be sent on a pending close now: what answers it and, at its end, the settlement.
 * @param now the latest block's time, in Unix seconds
 */
export function tasksFor(situation: Situation, sending: Sending, now: bigint): Task[] {
  const { answers, claims, close, channel, standing } = situation;
  // A lock counts by its registration: that must be mined first.
  const isRegistering = claims.unregistered.length > 0;
  const due = answers.filter(({ show }) => show !== "locks" || !isRegistering);
  const answering = due.flatMap((answer) => answerTasks(situation, answer, sending));
  if (answering.length > 0 || isRegistering || now < situation.settleableFrom) return answering;
  const data = () => encodeSettle(channel.key, close.record, standing);
  return [{ name: `settle:${close.id}`, to: sending.hub, data, deadline: null }];
}

function answerTasks({ channel, close }: Situation, answer: Answer, { hub, sender, orders }: Sending): Task[] {
  const { key, id } = channel;
  const { record } = close;
  switch (answer.show) {
    case "state": {
      const { evidence, until: deadline } = answer;
      const data = () => encodeChallenge(key, record, evidence);
      return [{ name: `challenge:${id}:${evidence.state.version}`, to: hub, data, deadline }];
    }
    case "locks": {
      const { of, until: deadline } = answer;
      return portions<LockEvidence>(answer.locks).map((some) => ({
        name: `locks:${id}:${sender}:${nameOf(some.map(({ lock }) => lock.hash))}`,
        ...{ to: hub, deadline, sender },
        // The hub takes them from the system, or from a watchtower that it appointed.
        data: async () => encodeProveLocks(key, record, of, some, await orders.appoint(channel, sender, deadline)),
      }));
    }
    case "note":
      // Only users are paid by notes.
      return [];
  }
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
