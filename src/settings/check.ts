import type { z } from "zod";

import { fail } from "../errors";

/** What is set, by the name of its environment variable. */
export type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Settings as their schema has them; an empty variable counts as none, and what is set by a later source wins. What is malformed is named and, unless its description
 * says that it is secret, it is said why.
 * @throws invalid_configuration
 */
export function checkSettings<Schema extends z.ZodObject>(schema: Schema, ...sources: Settings[]): z.output<Schema> {
  const given = sources
    .flatMap(Object.entries<string | undefined>)
    .filter(([name, value]) => name in schema.shape && value !== "");
  const parsed = schema.safeParse(Object.fromEntries(given));
  return parsed.success ? parsed.data : refuse(schema, parsed.error);
}

function refuse(schema: z.ZodObject, { issues }: z.ZodError): never {
  const names = new Set(issues.map(({ path }) => String(path[0])));
  const reasons = issues
    .filter(({ path }) => !isSecret(schema, String(path[0])))
    .map(({ path, message }) => `${path.join(".")}: ${message}`);
  const reason = reasons.length > 0 && { reason: reasons.join("; ") };
  return fail("invalid_configuration", { malformed: [...names].join(", "), ...reason });
}

/** Whether a setting's description says so. */
export function isSecret(schema: z.ZodObject, name: string): boolean {
  const setting = schema.shape[name] as z.ZodType;
  return /\bSecret\b/.test(setting.description ?? "Secret");
}
