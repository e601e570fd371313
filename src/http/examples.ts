/** What an example needs of a JSON Schema. */
export interface JsonSchema {
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minimum?: number;
}

/** One value that a schema allows, made of the examples of its parts: the first of several shapes, one item of a list. */
export function exampleOf(schema: JsonSchema): unknown {
  const { examples, enum: choices, anyOf, oneOf, properties = {}, items } = schema;
  if (examples !== undefined) return examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (choices !== undefined) return choices[0];
  const [shape] = oneOf ?? anyOf ?? [];
  if (shape !== undefined) return exampleOf(shape);
  switch (schema.type) {
    case "object":
      return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, exampleOf(one)]));
    case "array":
      return items === undefined ? [] : [exampleOf(items)];
    case "boolean":
      return true;
    case "integer":
    case "number":
      return schema.minimum ?? 0;
    case "null":
      return null;
    default:
      return "text";
  }
}
