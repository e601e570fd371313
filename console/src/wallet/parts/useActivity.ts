import { useCallback, useMemo } from "react";

import { useAsked } from "../../data/useAsked";
import { useAccount } from "../session/Account";
import { readDeposits, readRecords, together } from "./activity";

/** Milliseconds between two looks at what was deposited. */
const OFTEN = 6_000;

/**
 * What happened to the account: its records, read again whenever a balance changes, and the deposits that the chain has; they
 * are without each other where one of the two cannot be read.
 */
export function useActivity() {
  const { client, holdings, opened } = useAccount();
  const readBooks = useCallback(() => readRecords(client, holdings), [client, holdings]);
  const readChain = useCallback(() => readDeposits(client, opened), [client, opened]);
  const { value: records, error: problem, askAgain: askBooks } = useAsked(readBooks);
  const { value: deposits, error: trouble, askAgain: askChain } = useAsked(readChain, OFTEN);
  const value = useMemo(() => records && together(records, deposits ?? []), [records, deposits]);
  const askAgain = useCallback(() => {
    askBooks();
    askChain();
  }, [askBooks, askChain]);
  return { value, deposits, error: problem ?? trouble, askAgain };
}
