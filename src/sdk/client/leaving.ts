import type { DisputeHub } from "../chain";
import { evidenceOf, Exit, type ExitEvent } from "../exit";
import type { Channel } from "./channels";
import type { Setting } from "./setting";

/** How {@link Client.exit} is followed. */
export interface LeaveOptions {
  /** Milliseconds between two looks at the chain while there is nothing but waiting; 15,000 unless given. */
  readonly poll?: number;
  /** Ends the waiting; the way out is taken up again by another call, at any time. */
  readonly signal?: AbortSignal;
}

const POLL = 15_000;

/** The way out of a channel for a client's wallet. */
export async function* leave(
  { store, account, isOriginal }: Setting,
  hub: DisputeHub,
  { key, wallet }: Channel,
  { poll = POLL, signal }: LeaveOptions,
): AsyncGenerator<ExitEvent> {
  const held = async () => evidenceOf(key, await store.all());
  let evidence = await held();
  if (evidence.mayBeBehind && !wallet.isFrozen) {
    // Whatever the service shows of what was signed elsewhere is better than to close without it.
    await wallet.catchUpToLeave().catch(() => undefined);
    evidence = await held();
  }
  const freeze = async () => {
    await wallet.freeze();
    return held();
  };
  const exit = await Exit.open({ hub, account, isOriginal, papers: { evidence, freeze } });
  yield* exit.run(() => pause(poll, signal));
}

/** Whether to go on. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve(signal?.aborted !== true);
    };
    const timer = setTimeout(end, signal?.aborted === true ? 0 : milliseconds);
    signal?.addEventListener("abort", end);
  });
}
