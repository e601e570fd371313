/** JSON of objects whose numbers are all `bigint`, written as decimal strings with the suffix `n`. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? `${item}n` : item));
}

export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) =>
    typeof item === "string" && /^-?\d+n$/.test(item) ? BigInt(item.slice(0, -1)) : item,
  );
}
