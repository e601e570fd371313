import type { Address, Domain, SystemVerifier } from "../../protocol";
import type { Registrar } from "../api";
import type { Hub } from "../chain";
import type { HttpApi } from "../httpApi";
import type { Signer } from "../signers";
import type { Store } from "../store";
import type { ChainSigners } from "./chainSigners";

/** What the parts of a client share. */
export interface Setting {
  readonly api: HttpApi;
  readonly hub: Hub;
  readonly domain: Domain;
  readonly system: Address;
  readonly account: Signer;
  readonly signers: ChainSigners;
  readonly registrar: Registrar;
  /** Of the anchor contract, as the owner says; undefined for the one that the service names first. */
  readonly anchor: Address | undefined;
  readonly verifier: SystemVerifier;
  readonly store: Store;
  readonly isOriginal: boolean;
  /** Unix seconds. */
  readonly now: () => bigint;
}
