import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";

import type { Address } from "../../../../src/protocol";
import type { Balance } from "../../../../src/sdk/browser";
import { Explorer } from "../../chain/explorer";
import type { NamedAsset } from "../../data/chain";
import type { OpenWallet } from "./openWallet";

/** An asset with a channel of the account's, and what is in it. */
export interface Holding {
  readonly asset: NamedAsset;
  /** Undefined until the chain was looked at. */
  readonly balance: Balance | undefined;
}

interface Account extends OpenWallet {
  /** The assets with an open channel: the same list as long as they are the same. */
  readonly opened: readonly NamedAsset[];
  readonly holdings: readonly Holding[];
}

const Account = createContext<Account | undefined>(undefined);

interface AccountProviderProps {
  readonly wallet: OpenWallet;
  readonly open: readonly Address[];
  readonly children: ReactNode;
}

/** Watches the balance of each open channel. */
export function AccountProvider({ wallet, open, children }: AccountProviderProps) {
  const [balances, setBalances] = useState<ReadonlyMap<Address, Balance>>(new Map());
  useEffect(() => {
    const over = new AbortController();
    const follow = async (token: Address): Promise<void> => {
      for await (const balance of wallet.client.watch(token, over.signal)) {
        setBalances((before) => new Map(before).set(token, balance));
      }
    };
    for (const token of open) void follow(token).catch(() => undefined);
    return () => over.abort();
  }, [wallet, open]);
  const opened = useMemo(() => wallet.assets.filter(({ token }) => open.includes(token)), [wallet, open]);
  const holdings = opened.map((asset) => ({ asset, balance: balances.get(asset.token) }));
  return (
    <Account value={{ ...wallet, opened, holdings }}>
      <Explorer value={wallet.surroundings.explorer}>{children}</Explorer>
    </Account>
  );
}

export function useAccount(): Account {
  return use(Account)!;
}
