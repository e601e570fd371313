import { minimum, type Hash, type LockEvidence } from "../../protocol";
import { closeCooperativelyCall, registerCall } from "../chain/calls";
import {
  challengeCall,
  closeCall,
  collectAwardCall,
  collectClaimCall,
  collectOwedCall,
  proveCall,
  settleCall,
} from "../chain/disputeCalls";
import type { DisputeHub } from "../chain/disputes";
import type { Signer, Transaction } from "../signers";
import type { Collectable } from "./collectable";
import type { ExitStep } from "./plan";
import type { DisputeOnChain, Situation } from "./situation";

/** What a close may wait to be mined, in seconds, unless the challenge period is shorter. */
const PATIENCE = 3_600n;

/** Locks or preimages in one transaction: some 3 million gas, far below any block's limit. */
const AT_ONCE = 100;

/** A transaction that was mined. */
export interface ExitTransaction {
  readonly step: ExitStep["do"];
  readonly transaction: Hash;
  readonly gas: bigint;
}

/**
 * Carries out a step; what was mined comes one by one, so that an interruption loses no word of it.
 * @throws transaction_failed, chain_unreachable, signature_refused
 */
export async function* act(
  hub: DisputeHub,
  account: Signer,
  step: ExitStep,
  situation: Situation,
): AsyncGenerator<ExitTransaction> {
  for (const transaction of await transactionsOf(hub, step, situation)) {
    const { transaction: hash, gas } = await hub.node.mined(await account.send(transaction, hub.node));
    yield { step: step.do, transaction: hash, gas };
  }
}

async function transactionsOf(hub: DisputeHub, step: ExitStep, situation: Situation): Promise<Transaction[]> {
  const { evidence, now, asset, dispute, locks } = situation;
  const { channel, completed, held } = evidence;
  const { address } = hub;
  switch (step.do) {
    case "register": {
      const registry = await hub.registry();
      return portions(step.preimages).map((some) => registerCall(registry, some));
    }
    case "close": {
      const deadline = now + minimum(PATIENCE, asset.settings.challengePeriod);
      const { humble, fee } = step;
      return [closeCall(address, { channel, completed, held, humble, fee, deadline })];
    }
    case "agree": {
      const { closing, signature, systemSignature } = step.signed;
      return [closeCooperativelyCall(address, channel, closing, [signature, systemSignature])];
    }
    case "challenge":
      return [challengeCall(address, channel, dispute!.close.record, step.evidence)];
    case "prove": {
      const { record } = dispute!.close;
      const { standing, held: note } = step;
      return unproven(locks.locks, dispute!).map((some) => proveCall(address, channel, record, standing, note, some));
    }
    case "settle":
      return [settleCall(address, channel, dispute!.close.record, step.standing)];
    case "collect":
      return step.items.map((item) => collectCall(hub, item, situation));
    case "wait":
    case "done":
      return [];
  }
}

function collectCall({ address }: DisputeHub, item: Collectable, { evidence: { channel } }: Situation): Transaction {
  const { system, token, user } = channel;
  if (item.kind === "owed") return collectOwedCall(address, item.token, user);
  const collect = item.kind === "claim" ? collectClaimCall : collectAwardCall;
  return collect(address, system, token, item.index);
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
