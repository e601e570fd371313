import type { Random } from "../../../scripts/torture/random";
import {
  digest,
  domainSeparator,
  hashState,
  memoOf,
  sign,
  ZERO_HASH,
  type Domain,
  type Hex,
  type State,
  type StateOperation,
} from "../../../src/protocol";
import type { SignedState } from "../../../src/sdk";
import { pick } from "../pick";

/** Far beyond what comes next. */
const FAR = 1_000n;

/** What makes a state that a wallet has signed one that no system may complete, by an amount. */
const LIES: Readonly<Record<string, (state: State, amount: bigint) => Partial<State>>> = {
  "keeps what it pays": ({ net }, amount) => ({ net: net + amount }),
  "skips versions": ({ version }) => ({ version: version + FAR }),
  "replaces what is complete": ({ version }) => ({ version: version - 1n }),
  "folds a note that never was": ({ noteSeq, noteCredited, net }, amount) => ({
    noteSeq: noteSeq + FAR,
    noteCredited: noteCredited + amount,
    net: net + amount,
  }),
  "folds less than it takes": ({ noteCredited }, amount) => ({ noteCredited: noteCredited - amount }),
  "takes back what is locked": ({ net, locked }, amount) =>
    locked > 0n
      ? { net: net + locked, locked: 0n, locksExpiry: 0n, locksRoot: ZERO_HASH }
      : { net: net + amount, locked: locked - amount },
  "locks under another root": ({ locksRoot }) => ({ locksRoot: hashOf(locksRoot) }),
  "ends locks later": ({ locksExpiry }) => ({ locksExpiry: locksExpiry + FAR }),
  "denies what it did": ({ memo }) => ({ memo: hashOf(memo) }),
};

/** Another hash. */
function hashOf(hash: State["memo"]): State["memo"] {
  return `${hash.slice(0, -1)}${hash.endsWith("0") ? "1" : "0"}` as State["memo"];
}

/** A state like the one that is on its way, signed as well, that must never be completed; undefined where it cannot be one. */
export function forged(
  { proposal, operations }: SignedState,
  { key, domain, random }: { key: Hex; domain: Domain; random: Random },
): { readonly lie: string; readonly request: SignedState } | undefined {
  const amount = BigInt(random.between(1, 100));
  const signed = (state: State, told: readonly StateOperation[]): SignedState => {
    const signature = sign(digest(domainSeparator(domain), hashState(state)), key);
    return { proposal: state, operations: told, signature };
  };
  const paid = operations.findIndex(({ type }) => type === "pay" || type === "lock");
  if (paid >= 0 && random.chance(0.3)) {
    const more = operations.map((one, i) =>
      i === paid && "amount" in one ? { ...one, amount: one.amount + amount } : one,
    );
    return { lie: "pays more than it gives", request: signed({ ...proposal, memo: memoOf(more) }, more) };
  }
  const lie = pick(Object.keys(LIES), random);
  const state = { ...proposal, ...LIES[lie]!(proposal, amount) };
  const isOne = state.version > 0n && state.noteCredited >= 0n && state.locked >= 0n;
  return isOne ? { lie, request: signed(state, operations) } : undefined;
}
