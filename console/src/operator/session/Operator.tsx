import { createContext, use, useCallback, useMemo, useState, type ReactNode } from "react";

import type { Address } from "../../../../src/protocol";
import { administrationApi, type AdministrationApi } from "../../../../src/sdk/administration";
import type { ChainNode } from "../../../../src/sdk/chain";
import { operatorApi, type OperatorApi } from "../../../../src/sdk/operator";
import { Explorer } from "../../chain/explorer";
import { named, nodeAt, type NamedAsset } from "../../data/chain";
import { anyone, SERVICE, type System } from "../../data/service";
import { useAsked } from "../../data/useAsked";
import type { Service } from "../../data/useService";
import { may, type Act, type Caller } from "./rights";

/** Who has signed in, at which system, and with what it is done. */
export interface Operator {
  readonly key: string;
  readonly caller: Caller;
  readonly operator: OperatorApi;
  readonly admin: AdministrationApi;
  readonly may: (act: Act) => boolean;
  readonly systems: readonly System[];
  /** The one that is looked at. */
  readonly system: System;
  readonly chooseSystem: (address: Address) => void;
  /** Those of the system. */
  readonly assets: readonly NamedAsset[];
  /** The assets as they are now. */
  readonly readAgain: () => void;
  readonly assetOf: (token: Address) => NamedAsset | undefined;
  /** A node of the chain to ask; undefined where the operator names none. */
  readonly node: ChainNode | undefined;
  readonly signOut: () => void;
}

/** Milliseconds between two looks at what is listed and owed. */
const ASSETS = 5_000;

const Operator = createContext<Operator | undefined>(undefined);

interface OperatorProviderProps {
  readonly signedIn: { readonly key: string; readonly caller: Caller };
  readonly service: Service;
  readonly signOut: () => void;
  readonly children: ReactNode;
}

export function OperatorProvider({ signedIn, service, signOut, children }: OperatorProviderProps) {
  const { key, caller } = signedIn;
  const { systems, rpc, explorer } = service;
  const [address, chooseSystem] = useState(systems[0]?.address);
  const tools = useMemo(
    () => ({ operator: operatorApi(SERVICE, key, { tries: 2 }), admin: administrationApi(SERVICE, key, { tries: 2 }) }),
    [key],
  );
  const node = useMemo(() => (rpc === undefined ? undefined : nodeAt(rpc)), [rpc]);
  const read = useCallback(async () => named(await anyone.assets(), systems, node), [systems, node]);
  const { value: assets = service.assets, askAgain: readAgain } = useAsked(read, ASSETS);
  const system = systems.find((one) => one.address === address) ?? systems[0]!;
  const own = useMemo(() => assets.filter((one) => one.system === system.address), [assets, system]);
  const value: Operator = {
    ...{ key, caller, ...tools, systems, system, chooseSystem, assets: own, readAgain, node, signOut },
    may: (act) => may(caller, act),
    assetOf: (token) => own.find((one) => one.token === token),
  };
  return (
    <Operator value={value}>
      <Explorer value={explorer}>{children}</Explorer>
    </Operator>
  );
}

export function useOperator(): Operator {
  return use(Operator)!;
}
