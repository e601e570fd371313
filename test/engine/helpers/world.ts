import { expect } from "chai";

import {
  Batch,
  Ledger,
  lockOutcomes,
  requireConserved,
  step,
  type Changes,
  type Channel,
  type Command,
  type LedgerAccount,
  type NewEvent,
} from "../../../src/engine";
import {
  advanceState,
  hashState,
  balance,
  checkLocks,
  defaultAllotment,
  hashOfPreimage,
  keccakText,
  sign,
  ZERO_HASH,
  type Hash,
  type StateOperation,
} from "../../../src/protocol";
import { COIN, NOW, person, POINTS, SETTINGS, SYSTEM } from "../../helpers/service";

export const NAMES = ["alice", "bob", "carol"] as const;
export type Name = (typeof NAMES)[number];
export const MARGIN = 100n;
export const SIGNATURE = sign(ZERO_HASH, person("alice").key);
export const secret = (i: number): Hash => keccakText(`secret ${i}`);
export const hash = (i: number): Hash => hashOfPreimage(secret(i));

/** A ledger with its clock; every change goes through a batch, as in the service, and its events are kept. */
export class World {
  readonly ledger = new Ledger();
  readonly events: NewEvent[] = [];
  now = NOW;
  policy = { margin: MARGIN, maxCount: 128, maxValue: {} };

  constructor(tokens = [POINTS]) {
    const common = { system: SYSTEM, decimals: 18, allotment: defaultAllotment(18), limit: 10n ** 20n };
    for (const token of tokens) {
      const settings = token === COIN ? ({ ...SETTINGS, backing: "collateral" } as const) : SETTINGS;
      this.run({ type: "addAsset", asset: { ...common, token, settings } });
    }
    for (const name of NAMES) {
      const account = {
        address: person(name).address,
        system: SYSTEM,
        custody: "self",
        sealedKey: null,
        status: "open",
      } as const;
      this.run({ type: "openAccount", account, tokens });
    }
  }

  run(...commands: Command[]): Changes {
    const batch = new Batch(this.ledger);
    for (const command of commands) batch.apply(step(batch, command, { now: this.now, locks: this.policy }));
    const changes = batch.changes();
    requireConserved(this.ledger, changes);
    this.ledger.apply(changes);
    this.events.push(...changes.events);
    return changes;
  }

  channel(name: Name, token = POINTS): Channel {
    return this.ledger.channelOf(SYSTEM, person(name).address, token)!;
  }

  /** A state of these operations on top of the latest. */
  state(name: Name, operations: StateOperation[], token = POINTS): Command {
    const channel = this.channel(name, token);
    const proposal = advanceState(channel.state, channel.outgoing, operations).state;
    const signed = { hash: hashState(proposal), signature: SIGNATURE, signer: channel.key.user };
    return { type: "submitState", proposal, operations, ...signed };
  }

  issue(name: Name, amount: bigint): void {
    this.run({ type: "issue", account: person(name).address, token: POINTS, amount, reference: ZERO_HASH });
    this.fold(name);
  }

  /** What a wallet signs when it has nothing else to do. */
  fold(name: Name): void {
    const operations = this.due(name);
    if (operations.length > 0) this.run(this.state(name, operations));
  }

  due(name: Name): StateOperation[] {
    const channel = this.channel(name);
    const { note, state } = channel;
    const operations: StateOperation[] = lockOutcomes(this.ledger, channel);
    if (note.seq > state.noteSeq) operations.unshift({ type: "fold", seq: note.seq, credited: note.credited });
    return operations;
  }

  observe(finalTime: bigint, registered: { preimage: Hash; time: bigint }[] = []): Changes {
    return this.run({ type: "observeChain", finalTime, registered });
  }

  /** Money of an account that is not locked, as its channel has it and as the log has it. */
  money(name: Name): bigint {
    const { funds, state, note } = this.channel(name);
    const left = balance(funds, state, note) - state.locked;
    expect(this.booked(person(name).address), `log of ${name}`).to.equal(left);
    return left;
  }

  booked(of: LedgerAccount): bigint {
    return this.events.reduce((sum, { account, counterparty, amount }) => {
      return sum + (counterparty === of ? (amount ?? 0n) : 0n) - (account === of ? (amount ?? 0n) : 0n);
    }, 0n);
  }

  /** Property 1, and every list of locks is the one that was signed. */
  check(): void {
    const owed = NAMES.reduce((sum, name) => sum + this.money(name), 0n) + this.booked("locked");
    expect(this.ledger.asset(SYSTEM, POINTS)?.liabilities).to.equal(owed);
    for (const name of NAMES) {
      const { state, note, outgoing, incoming } = this.channel(name);
      checkLocks(state, outgoing);
      checkLocks(note, incoming);
      expect(new Set(incoming.map((lock) => lock.hash)).size).to.equal(incoming.length);
    }
  }
}

export const lockTo = (
  to: Name,
  amount: bigint,
  i: number,
  { fee = 0n, expiry = NOW + 500n } = {},
): StateOperation => ({
  type: "lock",
  to: person(to).address,
  amount,
  fee,
  hash: hash(i),
  expiry,
  reference: ZERO_HASH,
});

/** Alice has 100 and has promised Bob 30 for a fee of 2. */
export function promised(): World {
  const world = new World();
  world.issue("alice", 100n);
  world.run(world.state("alice", [lockTo("bob", 30n, 1, { fee: 2n })]));
  return world;
}

export const reveal = (i: number): Command => ({ type: "reveal", preimage: secret(i) });
