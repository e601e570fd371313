import type { Random } from "../../scripts/torture/random";
import { StarledgerError } from "../../src/errors";
import { evidenceOf, Exit } from "../../src/sdk/exit";
import type { Hash } from "../../src/protocol";
import { closeCall } from "../../src/sdk/chain/disputeCalls";
import { POINTS } from "./asset";
import type { Customer } from "./customer";
import type { Stranger } from "./hostile/stranger";
import type { Stage } from "./stage";

/** Seconds that a close may wait to be mined. */
const PATIENCE = 3_600n;
/** Milliseconds between two looks of one who leaves. */
const PAUSE = 600_000;

/** The user closes with whatever it likes of what it ever held, and is gone. */
export async function cheat(stage: Stage, customer: Customer, random: Random): Promise<void> {
  const { past, channel, life, system } = customer;
  await customer.sends(past.closeByUser(system.domain.hub, channel, stage.time + PATIENCE, random));
  customer.isGone = true;
  stage.evm.gone.add(customer.address);
  life.end("by its own will");
}

/** The system closes with a state and a note that may be old, or never were; somebody else sends it. */
export async function accuse(
  { stage, stranger }: { readonly stage: Stage; readonly stranger: Stranger },
  { past, channel: key, treason, system }: Customer,
  random: Random,
): Promise<Hash> {
  const deadline = stage.time + PATIENCE;
  const hidden = treason?.completed ?? [];
  return await stranger.sends(
    past.closeBySystem({ domain: system.domain, key, signerKey: system.terms.signerKey, deadline, hidden }, random),
  );
}

/** The user closes humbly with its file as it once was: it may be far behind (U3). */
export async function closeFromBackup(stage: Stage, customer: Customer, random: Random): Promise<Hash> {
  const { channel, system } = customer;
  const records = await customer.records();
  const { completed, held } = evidenceOf(channel, records.slice(0, random.between(0, records.length)));
  const deadline = stage.time + PATIENCE;
  const close = { channel, completed, held, humble: true, fee: POINTS.staleFee, deadline };
  return await customer.sends(closeCall(system.domain.hub, close));
}

/** User and system agree on what the user leaves with; without an answer the user leaves alone once that has lapsed. */
export async function agree(stage: Stage, { wallet }: Customer): Promise<void> {
  try {
    await wallet.closeCooperatively(stage.time + PATIENCE);
  } catch (error) {
    if (!(error instanceof StarledgerError) || !error.retryable) throw error;
  }
}

/** The user leaves alone, by what it holds and its node says; resolves when nothing is left to do. */
export async function leave(stage: Stage, customer: Customer, isOriginal: boolean): Promise<void> {
  const { hub, wallet, channel, account, name } = customer;
  const evidence = async () => evidenceOf(channel, await customer.records());
  const freeze = async () => {
    await wallet.freeze();
    return await evidence();
  };
  const exit = await Exit.open({ hub, papers: { evidence: await evidence(), freeze }, account, isOriginal });
  const pause = () => new Promise<boolean>((resolve) => setTimeout(() => resolve(true), PAUSE));
  for await (const event of exit.run(pause)) if (event.type === "next") stage.say(`${name} leaves: ${event.step.do}`);
}

/** Somebody else may be faster, and a block may vanish: then the chain says what is left to do. */
export async function untilDone(act: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      const isChain = error instanceof StarledgerError && /^(transaction_failed|chain_unreachable)$/.test(error.code);
      if (!isChain) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
