import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import {
  addressOf,
  batchLeaf,
  channelId,
  digest,
  domainSeparator,
  hashAppointment,
  hashBatch,
  hashClose,
  hashClosing,
  hashNote,
  hashState,
  hashWithdrawal,
  INT128_MAX,
  INT128_MIN,
  keccakText,
  lockLeaf,
  merkleTree,
  settle,
  sign,
  sumCommitment,
  sumTree,
  toAddress,
  UINT128_MAX,
  UINT64_MAX,
  undisputedDue,
  userForfeit,
  type Hash,
  type Hex,
} from "../src/protocol";

// The vectors that Solidity and TypeScript tests share: one array per field, all of the same length, so that any language
// reads them. With --check it fails if test/vectors are not what it would write.

const FOLDER = "test/vectors";
const CASES = 300;

type Columns = Record<string, string[]>;

/** Numbers that depend on nothing but their seed. */
class Random {
  private count = 0;

  constructor(private readonly seed: string) {}

  hash(): Hash {
    return keccakText(`${this.seed} ${this.count++}`);
  }

  /** In `[min, max]`, its ends and small numbers more often than chance would have them. */
  integer(min: bigint, max: bigint): bigint {
    const value = BigInt(this.hash());
    const kind = value % 8n;
    if (kind === 0n) return min;
    if (kind === 1n) return max;
    const span = kind < 5n && max - min > 2_000n ? 2_000n : max - min;
    const low = kind < 5n && min < 0n ? -1_000n : min;
    return low + ((value >> 8n) % (span + 1n));
  }

  address() {
    return toAddress(`0x${this.hash().slice(26)}`);
  }
}

/** Turns rows into columns of decimal or hexadecimal text. */
function columns(rows: readonly Record<string, bigint | boolean | string>[]): Columns {
  const result: Columns = {};
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      (result[name] ??= []).push(typeof value === "boolean" ? String(Number(value)) : String(value));
    }
  }
  return result;
}

function hashes(): Columns {
  const random = new Random("hashes");
  return columns(
    Array.from({ length: 40 }, () => {
      const key = {
        system: random.address(),
        user: random.address(),
        token: random.address(),
        epoch: random.integer(0n, 2n ** 31n - 1n),
      };
      const id = channelId(key);
      const summary = {
        locked: random.integer(0n, UINT128_MAX),
        locksExpiry: random.integer(0n, UINT64_MAX),
        locksRoot: random.hash(),
        memo: random.hash(),
      };
      const [version, seq] = [random.integer(0n, UINT64_MAX), random.integer(0n, UINT64_MAX)];
      const [net, credited] = [random.integer(INT128_MIN, INT128_MAX), random.integer(0n, UINT128_MAX)];
      const [party, deadline] = [random.address(), random.integer(0n, UINT64_MAX)];
      const shareBps = random.integer(0n, 10_000n);
      const stateHash = hashState({ channelId: id, version, net, noteSeq: seq, noteCredited: credited, ...summary });
      const noteHash = hashNote({ channelId: id, seq, credited, ...summary });
      const domain = { chainId: 31337n, hub: party };
      const privateKey = random.hash() as Hex;
      const stateDigest = digest(domainSeparator(domain), stateHash);
      return {
        ...key,
        id,
        version,
        net,
        seq,
        credited,
        ...summary,
        party,
        deadline,
        shareBps,
        stateHash,
        noteHash,
        withdrawalHash: hashWithdrawal({
          channelId: id,
          withdrawn: credited,
          reclaimed: summary.locked,
          recipient: party,
          deadline,
        }),
        closingHash: hashClosing({ channelId: id, net, deadline }),
        closeHash: hashClose({ channelId: id, party, stateHash, noteHash, humble: shareBps % 2n === 1n, deadline }),
        appointmentHash: hashAppointment({
          channelId: id,
          party,
          tower: key.user,
          shareBps: Number(shareBps),
          until: deadline,
        }),
        batchHash: hashBatch(stateHash),
        batchLeaf: batchLeaf(stateHash),
        lockLeaf: lockLeaf({ index: seq, hash: noteHash, amount: credited, expiry: deadline }),
        stateDigest,
        signer: addressOf(privateKey),
        signature: sign(stateDigest, privateKey),
      };
    }),
  );
}

function trees(): Columns {
  const random = new Random("trees");
  return columns(
    Array.from({ length: 24 }, (_, i) => {
      const leaves = Array.from({ length: i + 1 }, () => batchLeaf(random.hash()));
      const index = Number(random.integer(0n, BigInt(i)));
      const tree = merkleTree(leaves);
      return {
        leaf: leaves[index]!,
        root: tree.root,
        proof: `0x${tree
          .proof(index)
          .map((hash) => hash.slice(2))
          .join("")}`,
      };
    }),
  );
}

function sumTrees(): Columns {
  const random = new Random("sum trees");
  return columns(
    Array.from({ length: 24 }, (_, i) => {
      const leaves = Array.from({ length: i + 1 }, () => ({
        channelId: channelId({
          system: random.address(),
          user: random.address(),
          token: random.address(),
          epoch: 0n,
        }),
        salt: random.hash(),
        balance: random.integer(0n, UINT128_MAX / 24n),
      }));
      const position = Number(random.integer(0n, BigInt(i)));
      const tree = sumTree(leaves);
      const { index, siblings } = tree.path(position);
      const path = siblings.map(({ hash, sum }) => hash.slice(2) + sum.toString(16).padStart(64, "0"));
      return {
        ...leaves[position]!,
        index,
        path: `0x${path.join("")}`,
        root: tree.root.hash,
        total: tree.root.sum,
        commitment: sumCommitment(tree.root),
      };
    }),
  );
}

function settlements(): Columns {
  const random = new Random("settlements");
  return columns(
    Array.from({ length: CASES }, () => {
      const most = 2n ** 112n - 1n;
      const funded = random.integer(0n, most) - random.integer(0n, most);
      const state = {
        net: random.integer(INT128_MIN, INT128_MAX),
        noteSeq: random.integer(0n, 5n),
        noteCredited: random.integer(0n, UINT128_MAX),
        locked: random.integer(0n, UINT128_MAX),
      };
      const note = {
        seq: random.integer(0n, 9n),
        credited: random.integer(0n, UINT128_MAX),
        locked: random.integer(0n, UINT128_MAX),
        registered: random.integer(0n, UINT128_MAX),
      };
      const outgoing = random.integer(0n, UINT128_MAX);
      const systemCheated = random.integer(0n, 3n) === 0n;
      const collateral = random.integer(0n, most);
      const undisputed = undisputedDue(funded, state, note);
      const paid = random.integer(0n, 1n) === 0n ? 0n : undisputed;
      const result = settle({ funded, state, shown: [note], outgoing, systemCheated, paid });
      return {
        funded,
        ...state,
        seq: note.seq,
        credited: note.credited,
        noteLocked: note.locked,
        registered: note.registered,
        outgoing,
        systemCheated,
        collateral,
        undisputed,
        paid,
        due: result.due,
        toUser: result.toUser,
        forfeit: userForfeit(funded, state.net, collateral),
      };
    }),
  );
}

const check = process.argv.includes("--check");
mkdirSync(FOLDER, { recursive: true });
for (const [name, make] of Object.entries({ hashes, trees, sumTrees, settlements })) {
  const file = path.join(FOLDER, `${name}.json`);
  const text = JSON.stringify(make(), null, 1) + "\n";
  if (!check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    console.error(`${file} is not what scripts/vectors.ts makes: run npx tsx scripts/vectors.ts`);
    process.exitCode = 1;
  }
}
