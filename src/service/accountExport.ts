import type { z } from "zod";

import type { Channel, LedgerEvent } from "../engine";
import { available, balance, hashWithdrawal, type Address } from "../protocol";
import type { accountExport } from "../wire";
import type { AccountService } from "./accountService";
import type { Names } from "./names";

type AccountExport = z.output<typeof accountExport>;

/** Events read at once. */
const PAGE = 1_000;

/**
 * Everything that is held about an account, signatures included: its owner's own backup for leaving without the service.
 * Older states are not in it: they are revoked, and closing with one would forfeit the channel. Nor is a hosted account's key.
 * @throws unknown_account, store_failed
 */
export async function exportAccount(service: AccountService, names: Names, address: Address): Promise<AccountExport> {
  const { system, custody, status } = service.account(address);
  const { store, host } = names;
  const channels = [...service.assets()].flatMap(({ token }) => service.channelOf(address, token) ?? []);
  const [exported, alias, metadata, events] = await Promise.all([
    Promise.all(channels.map((channel) => exportChannel(service, channel))),
    store.aliases.of(address),
    store.metadata.of(address),
    eventsOf(service, address),
  ]);
  return {
    time: Date.now(),
    ...service.identity.domain,
    account: { address, system, custody, status },
    alias: alias === undefined ? null : `${alias.name}@${host}`,
    metadata: JSON.parse(metadata) as AccountExport["metadata"],
    channels: exported,
    events,
  };
}

async function exportChannel(service: AccountService, channel: Channel): Promise<AccountExport["channels"][number]> {
  // All of it is one moment's: what must be fetched is named before anything is waited for.
  const { id, key, status, funds, state, note, pending, outgoing, incoming } = channel;
  const outcomes = service.lockOutcomes(id);
  const preimages = incoming.flatMap(({ hash }) => service.preimage(hash) ?? []);
  const [complete, held, consent] = await Promise.all([
    service.signatures.completeState(id, state.version),
    service.latestNote(id),
    pending && service.signatures.consent(hashWithdrawal(pending)),
  ]);
  return {
    id,
    decimals: service.asset(key.token).decimals,
    status,
    funds,
    balance: balance(funds, state, note),
    available: available(funds, state, note, pending),
    evidence: {
      channel: key,
      ...(complete && { state: complete }),
      ...(held && { note: { note: held.note, signed: held.signed } }),
      locks: held?.locks ?? [],
      preimages,
    },
    outgoing,
    outcomes,
    withdrawal:
      pending && consent
        ? { withdrawal: pending, userSignature: consent.signature, systemSignature: consent.systemSignature }
        : null,
  };
}

async function eventsOf(service: AccountService, account: Address): Promise<LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  for (;;) {
    const page = await service.events({ account, after: events.at(-1)?.number ?? 0n, limit: PAGE });
    events.push(...page);
    if (page.length < PAGE) return events;
  }
}
