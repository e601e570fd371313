import fc from "fast-check";

/** What of JSON Schema the API's document uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Texts that mean something to whoever is called, as of now. */
export type Vocabulary = () => readonly string[];

const LONGEST = 4;

/** Values that the schema describes; texts are often taken from the vocabulary. */
export function valid(schema: JsonSchema, words: Vocabulary): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => valid(branch, words)));
  if (schema.allOf !== undefined) {
    return fc
      .tuple(...schema.allOf.map((part) => valid(part, words)))
      .map((parts): unknown => Object.assign({}, ...parts));
  }
  switch (schema.type) {
    case "string":
      return text(schema, words);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -9, max: Math.min(schema.maximum ?? 300, 300) });
    case "number":
      return fc.double({ min: schema.minimum ?? -9, max: schema.maximum ?? 300, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array": {
      const { minItems = 0, maxItems = LONGEST, items = {} } = schema;
      return fc.array(valid(items, words), { minLength: minItems, maxLength: Math.min(maxItems, minItems + LONGEST) });
    }
    case "object":
      return object(schema, words);
    case undefined:
      return fc.jsonValue();
    default:
      throw new Error(`No values for ${JSON.stringify(schema)}`);
  }
}

/** A valid value of which one place is removed, added to, or replaced. */
export function almostValid(schema: JsonSchema, words: Vocabulary): fc.Arbitrary<unknown> {
  const how = fc.constantFrom("replace", "remove", "add");
  return fc.tuple(valid(schema, words), fc.nat(), how, hostile).map(([value, place, change, other]) => {
    const root = { value: structuredClone(value) };
    const places = placesIn(root);
    const [parent, key] = places[place % places.length]!;
    if (change === "replace") parent[key] = other;
    else if (change === "remove") Reflect.deleteProperty(parent, key);
    else parent[`${key}x`] = other;
    return root.value;
  });
}

/** Values that programs stumble over. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, 0, -1, 1, 0.1, 1e21, Number.MAX_SAFE_INTEGER, [], [[]], {}, { length: -1 }, { toString: "x" }],
    ...[
      "",
      " ",
      "0",
      "-1",
      "-0",
      "+1",
      "1.5",
      "1e3",
      "0x",
      "0x1",
      `0x${"f".repeat(64)}`,
      "9".repeat(39),
      "9".repeat(5_000),
    ],
    ...["\u0000", "\ud800", "\u202e", "ﬀ", "NaN", "null", "true", "__proto__", "constructor", "' OR 1=1 --", "${7*7}"],
    ...["..", "../../etc/passwd", "a".repeat(70_000)],
  ),
  fc.jsonValue(),
  fc.string({ unit: "binary" }),
);

function text({ pattern, format, minLength = 0, maxLength = 64 }: JsonSchema, words: Vocabulary): fc.Arbitrary<string> {
  const expression = new RegExp(pattern ?? "", "u");
  const isOf = (word: string) => format !== "uri" || URL.canParse(word);
  const fits = (word: string) =>
    isOf(word) && expression.test(word) && word.length >= minLength && word.length <= maxLength;
  const longest = { minLength, maxLength: Math.min(maxLength, minLength + 64) };
  const made =
    format !== undefined ? formatted(format) : pattern !== undefined ? matching(pattern) : fc.string(longest);
  return fc.tuple(fc.nat(4), fc.nat(), made).map(([known, i, other]) => {
    const fitting =
      known === 0 ? [] : words().filter((word) => (pattern === undefined ? fits(word) : expression.test(word)));
    return fitting[i % fitting.length] ?? other;
  });
}

const patterns = new Map<string, fc.Arbitrary<string>>();

/** To make sense of a pattern takes long. */
function matching(pattern: string): fc.Arbitrary<string> {
  let found = patterns.get(pattern);
  if (found === undefined) patterns.set(pattern, (found = fc.stringMatching(new RegExp(pattern))));
  return found;
}

function formatted(format: string): fc.Arbitrary<string> {
  switch (format) {
    case "date-time":
      return fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date(2 ** 42) })
        .map((date) => date.toISOString());
    case "uri":
      // Of this machine: nobody else is called, wherever a word leads.
      return fc
        .tuple(fc.constantFrom("https", "http"), fc.webPath())
        .map(([scheme, path]) => `${scheme}://127.0.0.1:1${path}`);
    case "uuid":
      return fc.uuid();
    case "email":
      return fc.emailAddress();
    default:
      return fc.string();
  }
}

function object(schema: JsonSchema, words: Vocabulary): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties = false } = schema;
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, valid(field, words)]));
  const record = fc.record(fields, { requiredKeys: [...required], noNullPrototype: true });
  if (typeof additionalProperties === "boolean") return record;
  const others = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), valid(additionalProperties, words), { maxKeys: 3 });
  return fc.tuple(others, record).map(([more, own]) => ({ ...more, ...own }));
}

function placesIn(parent: object): [Record<string, unknown>, string][] {
  return Object.entries(parent).flatMap(([key, value]) => {
    const here: [Record<string, unknown>, string] = [parent as Record<string, unknown>, key];
    return typeof value === "object" && value !== null ? [here, ...placesIn(value as object)] : [here];
  });
}
