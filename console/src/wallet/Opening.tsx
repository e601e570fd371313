import { useCallback } from "react";

import { Loading } from "../app/Loading";
import { Problem } from "../app/Problem";
import { useAsked } from "../data/useAsked";
import { AccountPages } from "./AccountPages";
import { NotOpen } from "./NotOpen";
import { AccountProvider } from "./session/Account";
import { openChannels, type OpenWallet } from "./session/openWallet";

/** How often it is looked whether the operator has opened the account meanwhile. */
const PATIENCE = 4_000;

/** Opens the account's channels, or says what the operator has to do first. */
export default function Opening({ wallet }: { readonly wallet: OpenWallet }) {
  const open = useCallback(() => openChannels(wallet), [wallet]);
  const { value, error, askAgain } = useAsked(open);
  if (value === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  if (value.length === 0) return <Waiting {...{ wallet, open }} onOpen={askAgain} />;
  return (
    <AccountProvider wallet={wallet} open={value}>
      <AccountPages />
    </AccountProvider>
  );
}

interface WaitingProps {
  readonly wallet: OpenWallet;
  readonly open: () => Promise<readonly unknown[]>;
  readonly onOpen: () => void;
}

function Waiting({ wallet, open, onOpen }: WaitingProps) {
  const look = useCallback(async () => {
    if ((await open()).length > 0) onOpen();
  }, [open, onOpen]);
  useAsked(look, PATIENCE);
  return <NotOpen wallet={wallet} />;
}
