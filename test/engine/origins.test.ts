import { expect } from "chai";

import { Origins, type Changes, type NewEvent } from "../../src/engine";
import { entry, fact } from "../../src/engine/events";
import { emptyNote, emptyState, keccakText, type ChannelId, type ChannelKey } from "../../src/protocol";
import { COIN, person, POINTS, SYSTEM } from "../helpers/service";

const [ALICE, BOB] = [person("alice").address, person("bob").address];
const channel = (user: typeof ALICE, token: typeof POINTS) => keccakText(user + token) as string as ChannelId;
const KEYS = new Map<ChannelId, ChannelKey>(
  [ALICE, BOB].flatMap((user) =>
    [POINTS, COIN].map((token) => [channel(user, token), { system: SYSTEM, user, token, epoch: 0n }] as const),
  ),
);

const paid: NewEvent = entry("money.transferred", { token: POINTS }, { from: ALICE, to: BOB, amount: 1n }, {});
const charged: NewEvent = entry("fee.charged", { token: POINTS }, { from: ALICE, to: "fees", amount: 1n }, {});
const promised: NewEvent = entry(
  "payment.locked",
  { token: POINTS },
  { from: ALICE, to: "locked", amount: 1n, party: BOB },
  {},
);

/** The states of these channels, and the notes of those. */
function step(states: readonly ChannelId[], notes: readonly ChannelId[], events: readonly NewEvent[]): Changes {
  return {
    states: states.map((id) => ({ state: emptyState(id) })),
    notes: notes.map((id) => ({ note: emptyNote(id) })),
    events,
  } as unknown as Changes;
}

function originsOf(...steps: readonly Changes[]): Origins {
  const origins = new Origins();
  for (const one of steps) origins.add(one, (id) => KEYS.get(id)!);
  return origins;
}

describe("Origins", () => {
  const [alice, bob] = [channel(ALICE, POINTS), channel(BOB, POINTS)];

  it("are, of each state and note, the events of its own step", () => {
    const { states, notes } = originsOf(
      step([], [bob], [paid]),
      step([alice], [bob], [paid, charged]),
      step([alice], [], []),
      step([], [], [charged]),
      step([], [alice], [paid]),
    );
    expect(states).to.deep.equal([
      { first: 1, count: 2 },
      { first: 3, count: 0 },
    ]);
    expect(notes).to.deep.equal([
      { first: 0, count: 1 },
      { first: 1, count: 2 },
      { first: 4, count: 1 },
    ]);
  });

  it("find an event if all customers whom it concerns have a state or note of its step in its token", () => {
    const found = (states: readonly ChannelId[], notes: readonly ChannelId[], event: NewEvent) =>
      originsOf(step(states, notes, [event])).isFound;
    expect(found([alice], [bob], paid)).to.deep.equal([true]);
    expect(found([alice], [], paid)).to.deep.equal([false]);
    expect(found([], [bob], paid)).to.deep.equal([false]);
    expect(found([channel(ALICE, COIN)], [bob], paid)).to.deep.equal([false]);
    expect(found([alice], [], charged)).to.deep.equal([true]);
    expect(found([alice], [bob], promised)).to.deep.equal([true]);
    expect(found([alice], [], promised)).to.deep.equal([false]);
    expect(found([alice], [bob], fact("account.frozen", {}, { account: ALICE }))).to.deep.equal([false]);
    expect(originsOf(step([alice], [], []), step([], [bob], [paid])).isFound).to.deep.equal([false]);
  });
});
