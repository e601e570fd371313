import type { ContractTransactionReceipt } from "ethers";

import type { HubClient, LockEvidence } from "../../chain";
import { minimum } from "../../protocol";
import type { Step } from "./plan";
import type { DisputeOnChain, Situation } from "./situation";

/** What a close may wait to be mined, in seconds, unless the challenge period is shorter. */
const PATIENCE = 3_600n;

/** Locks or preimages in one transaction: some 3 million gas, far below any block's limit. */
const AT_ONCE = 100;

/** A transaction that was mined. */
export interface Sent {
  readonly step: Step["do"];
  readonly transaction: string;
  readonly gas: bigint;
}

/** Carries out a step; what it has sent is reported one by one, so that an interruption loses no word of it. */
export async function act(
  hub: HubClient,
  step: Step,
  situation: Situation,
  freeze: () => Promise<void>,
  report: (sent: Sent) => void,
): Promise<void> {
  const sent = async (mining: Promise<ContractTransactionReceipt>): Promise<void> => {
    const { hash, gasUsed } = await mining;
    report({ step: step.do, transaction: hash, gas: gasUsed });
  };
  const { evidence, now, asset, dispute, locks } = situation;
  const { channel, completed, held } = evidence;
  switch (step.do) {
    case "register": {
      const registry = await hub.registry();
      for (const some of portions(step.preimages)) await sent(registry.reveal(some));
      return;
    }
    case "close": {
      // Sign, store, send: a wallet on the same file must not sign on top of what is being closed.
      await freeze();
      const deadline = now + minimum(PATIENCE, asset.settings.challengePeriod);
      const { humble, fee } = step;
      return sent(hub.closeAsUser({ channel, completed, held, humble, fee, deadline }));
    }
    case "agree": {
      const { closing, signature, systemSignature } = step.signed;
      return sent(hub.closeCooperatively(channel, closing, signature, systemSignature));
    }
    case "challenge":
      return sent(hub.challenge(channel, dispute!.close.record, step.evidence));
    case "prove": {
      for (const some of unproven(locks.locks, dispute!)) {
        await sent(hub.prove(channel, dispute!.close.record, step.standing, step.held, some));
      }
      return;
    }
    case "settle":
      return sent(hub.settle(channel, dispute!.close.record, step.standing));
    case "collect":
      for (const item of step.items) {
        if (item.kind === "owed") await sent(hub.collectOwed(item.token, channel.user));
        else if (item.kind === "claim") await sent(hub.collectClaim(channel.system, channel.token, item.index));
        else await sent(hub.collectAward(channel.system, channel.token, item.index));
      }
  }
}

/** The locks in portions; those that an earlier, interrupted run has proven are left out. A note alone is one portion. */
function unproven(locks: readonly LockEvidence[], { proven }: DisputeOnChain): LockEvidence[][] {
  let sum = 0n;
  const done = locks.findIndex(({ lock }) => (sum += lock.amount) === proven) + 1;
  const rest = portions(locks.slice(done));
  return rest.length > 0 ? rest : [[]];
}

function portions<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / AT_ONCE);
  return Array.from({ length: count }, (_, i) => items.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}
