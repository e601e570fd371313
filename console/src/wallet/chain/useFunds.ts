import { useCallback } from "react";

import type { Funds } from "../../../../src/protocol";
import type { NamedAsset } from "../../data/chain";
import { useAsked } from "../../data/useAsked";
import { useAccount } from "../session/Account";

const OFTEN = 2_000;

/** What went through a channel on the chain, now and for good, as the account's own node says. */
export function useFunds({ token }: NamedAsset): { readonly latest: Funds; readonly final: Funds } | undefined {
  const { client, hub } = useAccount();
  const read = useCallback(async () => {
    const parties = { system: client.system, user: client.account, token };
    const { number } = await hub.node.block("finalized");
    const [latest, final] = await Promise.all([hub.channel(parties), hub.channel(parties, number)]);
    return { latest: latest.funds, final: final.funds };
  }, [client, hub, token]);
  return useAsked(read, OFTEN).value;
}
