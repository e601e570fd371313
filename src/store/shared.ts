const known = new Map<string, string>();

/** The same text, kept once for all rows: for what has few values, as systems, tokens and statuses. */
export function shared<Text extends string>(text: Text): Text {
  const first = known.get(text) as Text | undefined;
  if (first === undefined) known.set(text, text);
  return first ?? text;
}
