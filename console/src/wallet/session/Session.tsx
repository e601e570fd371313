import { createContext, use, useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import { fail } from "../../../../src/errors";
import type { Signer, WatchtowerOptions } from "../../../../src/sdk/browser";
import type { Address } from "../../../../src/protocol";
import { anyone, type Surroundings } from "../../data/service";
import { injectedWallet } from "./injected";
import { keepHere } from "./keepHere";
import type { Secret } from "./keys";
import type { Backup, OpenWallet } from "./openWallet";
import { dropVault, keepVault, readVault, type Vault } from "./vault";

/** How far the wallet is: without a key, with one that is locked, without a system to be with, or in use. */
export type Stage =
  | { readonly at: "empty" }
  | { readonly at: "locked"; readonly vault: Vault }
  | { readonly at: "choosing"; readonly vault: Vault; readonly account: Signer }
  | { readonly at: "open"; readonly vault: Vault; readonly wallet: OpenWallet };

interface Session {
  readonly stage: Stage;
  /** Keeps a key here under a password, and opens its account, with what a backup has of it. */
  readonly keep: (secret: Secret, password: string, backup?: Backup) => Promise<void>;
  /** @throws wrong_secret */
  readonly unlock: (password: string) => Promise<void>;
  /** Says whom the account is with, where several systems are served. */
  readonly chooseSystem: (system: Address) => Promise<void>;
  /** Asks for that again. */
  readonly leaveSystem: () => Promise<void>;
  /** Uses the wallet that was added to the browser. */
  readonly connectInjected: () => Promise<void>;
  /** Hands over to these watchtowers from now on, and to no others. */
  readonly handOverTo: (towers: readonly WatchtowerOptions[]) => Promise<void>;
  readonly lock: () => Promise<void>;
  /** Forgets the key; what was signed stays in the browser. */
  readonly forget: () => Promise<void>;
}

/** What signs and checks comes when it is needed. */
const engine = () => import("./openWallet");

const Session = createContext<Session | undefined>(undefined);

/** The key leaves the memory with the page, with {@link Session.lock}, and with nothing else. */
export function SessionProvider({ children }: { readonly children: ReactNode }) {
  const [stage, setStage] = useState<Stage>(initial);
  const open = useRef<OpenWallet>(undefined);
  const signer = useRef<Signer>(undefined);

  const stop = useCallback(async () => {
    const wallet = open.current;
    open.current = undefined;
    signer.current = undefined;
    await wallet?.client.stop();
    await wallet?.store.close();
  }, []);
  useEffect(() => () => void stop(), [stop]);

  const enter = async (vault: Vault, account: Signer): Promise<void> => {
    await stop();
    const { mustChoose, openWallet } = await engine();
    try {
      const surroundings = await anyone.surroundings();
      const wallet = await openWallet(account, { vault, surroundings, rpc: nodeFor(vault, surroundings) });
      open.current = wallet;
      signer.current = account;
      setStage({ at: "open", vault, wallet });
    } catch (error) {
      if (!mustChoose(error)) throw error;
      setStage({ at: "choosing", vault, account });
    }
    keepVault(vault);
    // The wallet is as good without it while the service answers.
    keepHere().catch(() => undefined);
  };
  const session: Session = {
    stage,
    keep: async (secret, password, backup) => {
      const { encrypt } = await import("./keys");
      const keystore = await encrypt(secret, password);
      const { localSigner, restoreRecords } = await engine();
      if (backup !== undefined) await restoreRecords(secret.address, backup);
      await enter({ kind: "own", address: secret.address, keystore }, localSigner(secret.privateKey));
    },
    unlock: async (password) => {
      const vault = readVault();
      if (vault?.kind !== "own") return fail("missing_secret", { secret: "a key in this browser" });
      const { decrypt } = await import("./keys");
      const { privateKey } = await decrypt(vault.keystore, password);
      const { localSigner } = await engine();
      await enter(vault, localSigner(privateKey));
    },
    connectInjected: async () => {
      const provider = injectedWallet() ?? fail("missing_secret", { secret: "a wallet in this browser" });
      const { walletSigner } = await engine();
      const account = await walletSigner(provider);
      await enter({ kind: "injected", address: account.address }, account);
    },
    chooseSystem: async (system) => {
      if (stage.at === "choosing") await enter({ ...stage.vault, system }, stage.account);
    },
    leaveSystem: async () => {
      const account = signer.current;
      if (stage.at !== "open" || account === undefined) return;
      await stop();
      setStage({ at: "choosing", vault: stage.vault, account });
    },
    handOverTo: async (towers) => {
      const account = signer.current;
      if (stage.at === "open" && account !== undefined) await enter({ ...stage.vault, towers }, account);
    },
    lock: async () => {
      await stop();
      setStage(initial());
    },
    forget: async () => {
      await stop();
      dropVault();
      setStage({ at: "empty" });
    },
  };
  return <Session value={session}>{children}</Session>;
}

export function useSession(): Session {
  return use(Session)!;
}

function initial(): Stage {
  const vault = readVault();
  return vault === undefined ? { at: "empty" } : { at: "locked", vault };
}

/** A wallet in the browser brings its own node; else one that the operator names is asked. */
function nodeFor({ kind }: Vault, { nodes }: Surroundings) {
  const injected = injectedWallet();
  if (kind === "injected" && injected !== undefined) return injected;
  return nodes[0] ?? injected ?? fail("chain_unreachable", { reason: "the service names no node of the chain" });
}
