import type { AccountService } from "../../../src/service";
import { ChainSide } from "../../../src/service/chainSide";
import { localKey, transactionSigner } from "../../../src/signer";
import type { Store } from "../../../src/store";
import type { Terms } from "../asset";
import type { Life } from "../life";
import type { Stage } from "../stage";
import type { Deployed } from "./deployed";
import { DEPTH } from "./evm";
import { serviceNode } from "./nodes";

const GWEI = 10n ** 9n;
const FEES = { cap: 10_000n * GWEI, patience: 60n };
const SETTLEMENT = { most: 4, patience: 60n, margin: 120n, ceiling: null, longest: 3_600n };

/** Where a life of the service finds its chain, and by how many seconds its clock is wrong. */
interface Place {
  readonly stage: Stage;
  readonly life: Life;
  readonly deployed: Deployed;
  readonly terms: Terms;
  readonly skew: bigint;
  /** Something did not go as it should: it is looked after again with the next look. */
  readonly onTrouble: () => void;
}

/** The service's own chain side; it looks when the driver says so. */
export function chainSideOf(
  service: AccountService,
  store: Store,
  { stage, life, deployed: { domain, registry, anchor }, terms, skew, onTrouble }: Place,
): Promise<ChainSide> {
  return ChainSide.create({
    ...{ service, store, closeAfter: null, proofInterval: 0n, interval: 1_000, leastBalance: 1n, dailyCap: null },
    provider: serviceNode(stage.evm, life, domain),
    deployment: { hub: domain.hub, registry, anchor, deployedAtBlock: 0n },
    finality: { confirmations: DEPTH },
    senders: [transactionSigner(localKey(terms.key))],
    fees: FEES,
    settlement: SETTLEMENT,
    now: () => stage.time + skew,
    onTrouble: ({ code, message }) => {
      stage.say(`${life.name} reports ${code}: ${message}`);
      onTrouble();
    },
  });
}
