import { fail } from "../errors";
import type { Address } from "../protocol";
import type { Store } from "../store";
import type { AccountService } from "./accountService";
import type { Opening } from "./placement";
import type { Services } from "./services";

/** Many accounts that are to be opened by one request. */
export interface Openings extends Pick<Opening, "system" | "request"> {
  readonly openings: readonly Pick<Opening, "address" | "tokens">[];
}

/** What one system is to open of them, by their places in the request. */
export interface Share {
  readonly service: AccountService;
  readonly places: readonly number[];
}

/** The shares, that of the request's own system first, however small; and the places of those that another system has. */
export interface Spread {
  readonly shares: readonly Share[];
  readonly elsewhere: ReadonlyMap<number, Address>;
}

/**
 * Where many accounts go: each as if it were alone, to the system named or else to the one with the fewest accounts. What was
 * chosen once stays so, whichever process the same request reaches next: no account is ever opened at two systems.
 * @throws unknown_system, unknown_asset, not_leader, idempotency_conflict if the same request named another system before
 */
export async function spread(services: Services, store: Store, asked: Openings): Promise<Spread> {
  const { openings, system: named, request } = asked;
  const [only, ...others] = services.systems;
  if (only !== undefined && others.length === 0) {
    const service = services.ofSystem(named ?? only);
    return { shares: [{ service, places: [...openings.keys()] }], elsewhere: new Map() };
  }
  const { whereabouts } = store;
  const subjects = openings.map(({ address }, place) => address ?? `${request} ${place}`);
  const known = await whereabouts.ofAccounts(openings.flatMap(({ address }) => address ?? []));
  const fewest = chooser(services, named);
  const wanted = new Map([[request, fewest([]).identity.system]]);
  for (const [place, { tokens }] of openings.entries()) {
    const subject = subjects[place]!;
    if (!known.has(subject) && !wanted.has(subject)) wanted.set(subject, fewest(tokens).identity.system);
  }
  const placed = await whereabouts.placeAll(wanted);
  const home = placed.get(request)!;
  if (named !== undefined && home !== named) fail("idempotency_conflict", { key: request, system: home });
  const shares = new Map<Address, number[]>([[home, []]]);
  const elsewhere = new Map<number, Address>();
  for (const [place, subject] of subjects.entries()) {
    const system = known.get(subject) ?? placed.get(subject)!;
    if (named !== undefined && system !== named) elsewhere.set(place, system);
    else (shares.get(system) ?? newShare(shares, system)).push(place);
  }
  const all = [...shares].map(([system, places]) => ({ service: services.ofSystem(system), places }));
  return { shares: all, elsewhere };
}

function newShare(shares: Map<Address, number[]>, system: Address): number[] {
  const places: number[] = [];
  shares.set(system, places);
  return places;
}

/** Chooses for one account after the other, each counted where it goes. */
function chooser(services: Services, named: Address | undefined): (tokens: readonly Address[]) => AccountService {
  const added = new Map<AccountService, number>();
  return (tokens) => {
    const chosen = named === undefined ? services.forNewAccount(tokens, added) : services.ofSystem(named);
    if (tokens.length > 0) added.set(chosen, (added.get(chosen) ?? 0) + 1);
    return chosen;
  };
}
