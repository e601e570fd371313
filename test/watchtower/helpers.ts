import { setTimeout as sleep } from "node:timers/promises";

import * as z from "zod";

import type { Court, Party } from "../../scripts/torture/watchtower/court";
import { sign, textDigest, type Hash, type CompleteState, type SignedAppointment } from "../../src/protocol";
import type { HeldNote } from "../../src/sdk";
import { startTower, type RunningTower, type TowerConfig } from "../../src/watchtower";
import { encodeTowerPass, handover, towerPassMessage, type appointed } from "../../src/wire";

/** The account of the node that a tower pays gas with. */
export const GAS_ACCOUNT = 9;

/** What a tower on the court's node is run with. */
export function configOf(court: Court, store: string, changes: Partial<TowerConfig> = {}): TowerConfig {
  return {
    chains: [
      {
        rpc: [court.node.url],
        quorum: undefined,
        hubs: [court.domain.hub],
        systems: undefined,
        gasKeys: [court.node.privateKey(GAS_ACCOUNT)],
        finality: { confirmations: 2 },
      },
    ],
    keys: { passphrase: null, patience: 1_000 },
    ...{ host: "127.0.0.1", port: 0, publicUrl: undefined, store, logLevel: "silent", interval: 50 },
    ...{ gasCap: 10n ** 13n, window: 64, leastShare: 0, quota: 10, perMinute: 0, trustedProxies: [], keep: 86_400_000 },
    ...changes,
  };
}

export function towerOn(court: Court, store: string, changes: Partial<TowerConfig> = {}): Promise<RunningTower> {
  return startTower(configOf(court, store, changes));
}

/** What a user hands over. */
export interface Papers {
  readonly state?: CompleteState;
  readonly note?: HeldNote;
  readonly preimages?: readonly Hash[];
  readonly appointment?: SignedAppointment;
}

/** An answer of a tower over HTTP. */
export interface Answer<T> {
  readonly status: number;
  readonly body: T & { readonly code?: string; readonly details?: Readonly<Record<string, string>> };
}

export type Told = z.input<typeof appointed>;

/** A pass of the party for the tower at `url`. */
export function passOf(court: Court, { privateKey, key }: Party, url: string, issuedAt = new Date()): string {
  const fields = {
    account: key.user,
    chainId: court.domain.chainId,
    nonce: "12345678",
    issuedAt: issuedAt.toISOString(),
  };
  return encodeTowerPass({ ...fields, signature: sign(textDigest(towerPassMessage(url, fields)), privateKey) });
}

/** A party's own calls of a tower. */
export function callsOf(court: Court, party: Party, url: string, as: Party = party) {
  const path = `/v1/chains/${court.domain.chainId}/hubs/${court.domain.hub}/channels/${party.id}`;
  const headers = { authorization: `Bearer ${passOf(court, as, url)}` };
  const call = async <T>(method: string, where: string, body?: unknown): Promise<Answer<T>> => {
    const response = await fetch(new URL(where, url), {
      method,
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Answer<T>["body"] };
  };
  return {
    path,
    raw: (body: unknown) => call<Told>("PUT", path, body),
    handOver: ({ state, note, preimages = [], appointment }: Papers, key = party.key) => {
      const body = { key, state: state ?? null, note: note ?? null, preimages, appointment: appointment ?? null };
      return call<Told>("PUT", path, z.encode(handover, body));
    },
    told: () => call<Told>("GET", path),
    all: () => call<{ readonly appointments: readonly Told[] }>("GET", "/v1/appointments"),
  };
}

/** Mines until `holds`, as a chain goes on by itself; a second each block. */
export async function until(court: Court, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    await court.node.provider.send("evm_mine", []);
    await sleep(25);
  }
}
