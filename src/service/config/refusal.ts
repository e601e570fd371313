import type { z } from "zod";

import { fail } from "../../errors";
import { SETTINGS } from "./settings";

/**
 * Names what is malformed and, of what is no secret, says why.
 * @throws invalid_configuration
 */
export function refuseSettings({ issues }: z.ZodError): never {
  const names = new Set(issues.map(({ path }) => String(path[0])));
  const reasons = issues
    .filter(({ path }) => !isSecret(String(path[0])))
    .map(({ path, message }) => `${path.join(".")}: ${message}`);
  const reason = reasons.length > 0 && { reason: reasons.join("; ") };
  return fail("invalid_configuration", { malformed: [...names].join(", "), ...reason });
}

function isSecret(name: string): boolean {
  return /\bSecret\b/.test(SETTINGS.shape[name as keyof typeof SETTINGS.shape].description ?? "Secret");
}
