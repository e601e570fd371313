import { useCallback } from "react";

import { useAsked } from "../../data/useAsked";
import { useAccount } from "../session/Account";
import { readActivity } from "./activity";

/** What happened to the account, read again whenever a balance changes. */
export function useActivity() {
  const { client, holdings } = useAccount();
  const read = useCallback(() => readActivity(client, holdings), [client, holdings]);
  return useAsked(read);
}
