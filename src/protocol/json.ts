/**
 * JSON of plain objects whose numbers are all `bigint`, written as decimal strings with the suffix `n`. By hand, for it is on the
 * way of every payment, and `JSON.stringify` would call a function for every value in them.
 */
export function toJson(value: unknown): string {
  if (typeof value === "bigint") return `"${value}n"`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => toJson(item ?? null)).join(",")}]`;
  let text = "";
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${toJson(item)}`;
  }
  return `{${text}}`;
}

export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) =>
    typeof item === "string" && /^-?\d+n$/.test(item) ? BigInt(item.slice(0, -1)) : item,
  );
}
