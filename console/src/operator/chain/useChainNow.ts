import { useCallback, useRef } from "react";

import { useAsked } from "../../data/useAsked";
import { useNow } from "../../data/useNow";
import { useOperator } from "../session/Operator";

/** Milliseconds between two looks at the chain's clock. */
const OFTEN = 5_000;

/**
 * Unix seconds as deadlines on the chain count them: the clock here, and what the chain was seen to be ahead of it, as a local
 * chain is that time was let pass on. A chain that has no new block is not behind for that.
 */
export function useChainNow(): number {
  const { operator, system } = useOperator();
  const { address } = system;
  const most = useRef(0);
  const ask = useCallback(async () => {
    const { systems } = await operator.progress();
    const head = systems.find((one) => one.address === address)?.chain?.headTime ?? 0;
    most.current = Math.max(most.current, head - Date.now());
    return most.current;
  }, [operator, address]);
  const { value: ahead = 0 } = useAsked(ask, OFTEN);
  return (useNow() + ahead) / 1_000;
}
