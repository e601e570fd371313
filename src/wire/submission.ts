import {
  INT128_MAX,
  INT128_MIN,
  UINT128_MAX,
  UINT64_MAX,
  type Hex,
  type Signature,
  type State,
  type StateOperation,
} from "../protocol";
import { isHexadecimal, LENGTHS, type Kind, type Layout } from "./binary/layout";
import { KINDS, STATE, type Submission } from "./binary/submission";
import { OPERATIONS } from "./channels";
import { IDEMPOTENCY_KEY } from "./stream";
import { SIGNED, WHOLE } from "./values";

type Content = Readonly<Record<string, unknown>>;

const HEXADECIMAL = /^0x[0-9a-fA-F]*$/;
const RANGES = {
  uint64: [WHOLE, 0n, UINT64_MAX],
  uint128: [WHOLE, 0n, UINT128_MAX],
  amount: [WHOLE, 1n, UINT128_MAX],
  int128: [SIGNED, INT128_MIN, INT128_MAX],
} as const;

/**
 * What the schema of messages makes of a `submitState` that is as it should be, in a quarter of the time: nothing is sent more often.
 * Undefined for everything else, of which the schema says what is wrong.
 */
export function readSubmission(content: unknown): Submission | undefined {
  if (!hasKeys(content, 4) || content["type"] !== "submitState") return undefined;
  const { id, idempotencyKey, body } = content;
  if (typeof id !== "string" || id.length === 0 || id.length > 64) return undefined;
  if (typeof idempotencyKey !== "string" || !IDEMPOTENCY_KEY.test(idempotencyKey)) return undefined;
  if (!hasKeys(body, 3)) return undefined;
  const proposal = readRecord<State>(STATE, body["proposal"]);
  const operations = readOperations(body["operations"]);
  const signature = readField("signature", body["signature"]) as Signature | undefined;
  if (proposal === undefined || operations === undefined || signature === undefined) return undefined;
  return { type: "submitState", id, idempotencyKey, body: { proposal, operations, signature } };
}

function readOperations(content: unknown): StateOperation[] | undefined {
  if (!Array.isArray(content) || content.length > OPERATIONS) return undefined;
  const operations: StateOperation[] = [];
  for (const item of content) {
    const type = (item as Content | null)?.["type"];
    if (typeof type !== "string" || !Object.hasOwn(KINDS, type)) return undefined;
    const layout = KINDS[type as StateOperation["type"]] as Layout<StateOperation>;
    const operation = readRecord(layout, item, { type });
    if (operation === undefined) return undefined;
    operations.push(operation);
  }
  return operations;
}

/** @param known fields that are in the content, and in the record already */
function readRecord<T extends object>(layout: Layout<T>, content: unknown, known: object = {}): T | undefined {
  const record = known as Record<string, unknown>;
  let length = Object.keys(known).length;
  for (const name in layout) {
    const value = readField(layout[name], (content as Content | null | undefined)?.[name]);
    if (value === undefined) return undefined;
    record[name] = value;
    length += 1;
  }
  return hasKeys(content, length) ? (record as T) : undefined;
}

function readField(kind: Kind, value: unknown): Hex | bigint | undefined {
  if (typeof value !== "string") return undefined;
  if (isHexadecimal(kind)) {
    const isHex = value.length === 2 + 2 * LENGTHS[kind] && HEXADECIMAL.test(value);
    return isHex ? (value.toLowerCase() as Hex) : undefined;
  }
  const [pattern, least, most] = RANGES[kind];
  if (!pattern.test(value)) return undefined;
  const number = BigInt(value);
  return number >= least && number <= most ? number : undefined;
}

/** Whether it is an object of so many fields. */
function hasKeys(content: unknown, count: number): content is Content {
  return typeof content === "object" && content !== null && Object.keys(content).length === count;
}
