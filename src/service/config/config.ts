import type { Address, Hex } from "../../protocol";
import type { Opening } from "../../signer";
import type { HttpSettings } from "../http";
import type { FollowSettings } from "./follow";

/** A system that the service is to run, with the key of one of its signers on the hub. */
export interface SystemSettings {
  readonly address: Address;
  /** What it has listed on the hub. */
  readonly tokens: readonly Address[];
  /** `0x…`, or where the key is. */
  readonly signerKey: string;
}

/** The keys that a service signs with. */
export interface Keys extends Opening {
  /** Of those that pay for gas. */
  readonly gas: readonly string[];
}

/** A chain with systems on it that somebody else runs. */
export interface RemoteChain {
  /** Of one chain; what most of them say is believed. */
  readonly rpcUrls: readonly string[];
  readonly deployments: string;
  readonly systems: readonly SystemSettings[];
}

/** How the service is run. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly store: string;
  readonly logLevel: string;
  readonly http: HttpSettings;
  /** Null: no traces. */
  readonly tracesUrl: string | null;
  /** Seconds; 0 for never. */
  readonly reconciliationInterval: number;
  /** Null: where it listens. */
  readonly publicUrl: string | null;
  readonly peerUrl: string | null;
  /** URLs; null: those of the local chain, or none. */
  readonly publicNodes: readonly string[] | null;
  /** URLs that wallets are told of. */
  readonly watchtowers: readonly string[];
  /** Where a transaction is shown, with `{transaction}` for its hash; null for nowhere. */
  readonly explorer: string | null;
  /** Milliseconds. */
  readonly leaseTtl: number;
  /** Milliseconds between two looks at the chain's listings. */
  readonly assetInterval: number;
  /** What is to back a token at least, in percent of what is owed in it. */
  readonly backingPercent: bigint;
  /** So many awards a token's bond is to pay at least. */
  readonly bondAwards: bigint;
  /** With only a signer's key: a local chain with a system of that signer, for development. */
  readonly chain: RemoteChain | Pick<SystemSettings, "signerKey">;
  readonly follow: FollowSettings;
  readonly keys: Keys;
  readonly secret: string;
  readonly salt: Hex;
  readonly operatorKey: string;
}
