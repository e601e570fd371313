import { outsetOf, type Channel, type CommandOf, type Freeze, type ShownPosition } from "../../../src/engine";
import { StarledgerError } from "../../../src/errors";
import { resynchronise, ZERO_HASH } from "../../../src/protocol";
import { NOW, person, SETTINGS, SYSTEM } from "../../helpers/service";
import { SIGNATURE, type Name, type World } from "./world";

/** When nothing of before a loss at {@link NOW} can be sent any more. */
export const UNTIL = NOW + SETTINGS.challengePeriod;
/** When every lock has ended, too. */
export const LATER = UNTIL + 10_000n;
export const NOTHING: ShownPosition = { state: null, note: null };
const NO_LOCKS = { outgoing: [], incoming: [] };
/** Why a channel waits that nothing else keeps from being signed for. */
export const LOSS: Freeze = {
  isOwn: false,
  until: null,
  transaction: null,
  shown: null,
  forGood: false,
  unread: false,
  lost: UNTIL,
};

/** The system says that it has lost data. */
export function lose(world: World, since = NOW): void {
  const channels = [...world.ledger.channels.values()].filter(({ status }) => status !== "settled").map(({ id }) => id);
  world.run({ type: "declareLoss", system: SYSTEM, since, channels });
}

export function shownOf({ state, outgoing, note, incoming }: Channel): ShownPosition {
  return { state: { state, outgoing }, note: { note, incoming } };
}

/** What an honest user signs on what it has shown, and what it was told is paid. */
export function agreed(world: World, name: Name, shown: ShownPosition, finalTime = LATER): CommandOf<"resynchronise"> {
  const channel = world.channel(name);
  const common = {
    type: "resynchronise",
    signature: SIGNATURE,
    signer: channel.key.user,
    shown,
    time: finalTime,
    finalTime,
  } as const;
  try {
    const { best, paid } = outsetOf(world.ledger, channel, shown, finalTime);
    return { ...common, proposal: resynchronise(best, paid, finalTime).state };
  } catch (error) {
    if (!(error instanceof StarledgerError)) throw error;
    return { ...common, proposal: resynchronise(channel, NO_LOCKS, finalTime).state };
  }
}

export const pays = (to: Name, amount: bigint) =>
  ({ type: "pay", to: person(to).address, amount, reference: ZERO_HASH }) as const;

export function pay(world: World, from: Name, to: Name, amount: bigint): void {
  world.run(world.state(from, [pays(to, amount)]));
}
