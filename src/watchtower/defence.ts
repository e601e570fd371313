import {
  encodeChallenge,
  encodeProve,
  encodeReveal,
  type ChannelOnChain,
  type HubClient,
  type PendingClose,
  type PreimageRegistryClient,
} from "../chain";
import { StarledgerError } from "../errors";
import {
  emptyState,
  hashNote,
  hashState,
  keccakText,
  type Address,
  type State,
  answersTo,
  claimsOf,
  NO_CLAIMS,
  type Answer,
  type Claims,
  type SignedAppointment,
} from "../protocol";
import { toJson } from "../protocol/json";
import type { Task } from "../chain/outbox";
import type { Appointed } from "./appointed";

/** Locks in one transaction: some 3 million gas, far below any block's limit. */
const AT_ONCE = 100;

/** Where a tower shows what it has. */
export interface Court {
  readonly hub: HubClient;
  readonly registry: PreimageRegistryClient;
  /** Blocks that the node is asked about at once. */
  readonly range: number | undefined;
}

/**
 * What is to be sent for a user whose channel is closing: its newest state, its note, preimages that are still in time. Looks
 * at the chain as it is now, so that what is done already is not done again, whoever did it.
 * @param now the latest block's time, in Unix seconds
 * @throws chain_unreachable
 */
export async function defend(court: Court, appointed: Appointed, close: PendingClose, now: bigint): Promise<Task[]> {
  const { key, completed, held, appointment } = appointed;
  const channel = await court.hub.channel(key);
  if (!channel.closing || channel.epoch !== key.epoch) return [];
  const claims = await claimsIn(court, appointed, close, now);
  // What is public counts for good: only making it so has to be in time for the lock.
  const settled: Claims = { ...claims, locks: claims.locks.filter(({ preimage }) => preimage === undefined) };
  const total = settled.locks.reduce((sum, { lock }) => sum + lock.amount, 0n);
  const standing = await standingIn(court, appointed, close, channel);
  const answers = answersTo(
    { judged: close.judged, standing, shown: channel.shown, systemCheated: channel.systemCheated },
    {
      side: "user",
      completed,
      held,
      claims: { ...settled, total },
      proven: held === undefined || held.note.locked === 0n ? 0n : await court.hub.provenLocks(hashNote(held.note)),
      mayTie: mayTie(appointed, close, channel),
    },
    now,
  );
  const valid = (until: bigint) => (appointment && appointment.appointment.until > until ? appointment : undefined);
  const record = keccakText(toJson(close.record));
  return [
    ...registrations(court.registry.address, claims),
    ...answers.flatMap((answer) => dueOf(court.hub.address, { appointed, close, record }, answer, valid(answer.until))),
  ];
}

interface Case {
  readonly appointed: Appointed;
  readonly close: PendingClose;
  readonly record: string;
}

function dueOf(
  to: Address,
  { appointed: { key }, close, record }: Case,
  answer: Answer,
  reward: SignedAppointment | undefined,
): Task[] {
  const sent = { to, deadline: answer.until };
  switch (answer.show) {
    case "state": {
      const name = `state:${record}:${answer.evidence.state.version}`;
      return [{ name, ...sent, data: () => encodeChallenge(key, close.record, answer.evidence, reward) }];
    }
    case "note":
      return portions(answer.locks).map((locks) => {
        const named = keccakText(locks.map(({ lock }) => lock.index).join());
        const name = `note:${record}:${answer.held.note.seq}:${answer.standing.version}:${named}`;
        const data = () => encodeProve(key, close.record, answer.standing, answer.held, locks, reward);
        return { name, ...sent, data };
      });
    case "locks":
      return [];
  }
}

function registrations(registry: Address, { unregistered, until }: Claims): Task[] {
  if (until === undefined) return [];
  return portions(unregistered)
    .filter((some) => some.length > 0)
    .map((some) => ({
      name: `preimages:${keccakText(some.join())}`,
      ...{ to: registry, data: () => encodeReveal(some), deadline: until },
    }));
}

async function claimsIn(
  { registry }: Court,
  { held, preimages }: Appointed,
  { judged }: PendingClose,
  now: bigint,
): Promise<Claims> {
  if (held === undefined || held.locks.length === 0) return NO_CLAIMS;
  const { locks, note } = held;
  const registeredAt = await Promise.all(locks.map(({ hash }) => registry.registeredAt(hash, "latest")));
  return claimsOf({ tree: note, locks, preimages, registeredAt, now, cap: judged.lockEnd });
}

/**
 * The state that stands, as far as it matters: its version and what it has folded. Whoever showed it may have done so in a
 * way that hides the rest, which must not keep a newer state from being shown.
 */
async function standingIn(
  { hub, range }: Court,
  { id, completed }: Appointed,
  close: PendingClose,
  channel: ChannelOnChain,
): Promise<State> {
  const { judged } = close;
  const { standingVersion } = channel;
  const own = completed?.state;
  const brought = { ...emptyState(id), version: judged.version, noteSeq: judged.noteSeq };
  if (standingVersion === undefined) return own && hashState(own) === judged.stateHash ? own : brought;
  if (own?.version === standingVersion) return own;
  try {
    return await hub.standingState(close, channel, own ?? emptyState(id), range);
  } catch (error) {
    if (!(error instanceof StarledgerError) || error.code !== "unknown_state") throw error;
    return { ...brought, version: standingVersion };
  }
}

/** S closed with another state of the version that the user has: the appointed tower's showing of the user's stands. */
function mayTie({ completed, appointment }: Appointed, { judged }: PendingClose, channel: ChannelOnChain): boolean {
  if (completed === undefined || appointment === undefined || !judged.bySystem) return false;
  const isOther = channel.standingVersion === undefined && hashState(completed.state) !== judged.stateHash;
  return isOther && appointment.appointment.until > judged.challengeEnd;
}

function portions<T>(items: readonly T[]): T[][] {
  const count = Math.max(1, Math.ceil(items.length / AT_ONCE));
  return Array.from({ length: count }, (_, i) => items.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}
