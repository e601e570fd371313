import leven from "leven";

import { fail } from "../../errors";
import type { Settings } from "../../settings";
import { SETTINGS } from "./settings";

/** What the command line and the deployment read, which may be set where the service runs; a watchtower's are its own. */
const ELSEWHERE = /^STARLEDGER_(URL|API_KEY|PROFILE|PASSPHRASE|PRIVATE_KEY|USER_KEY|DEPLOYER_KEY|TOWER_.+)$/;

/**
 * Refuses settings that nobody knows, and names the one that may be meant.
 * @param file where they are from; of the environment, what others read is let through
 * @throws invalid_configuration
 */
export function refuseUnknown(settings: Settings, file?: string): void {
  const isOurs = (name: string) => file !== undefined || (name.startsWith("STARLEDGER_") && !ELSEWHERE.test(name));
  const unknown = Object.keys(settings).filter((name) => !(name in SETTINGS.shape) && isOurs(name));
  if (unknown.length === 0) return;
  const nearest = unknown.map(nearestTo).join(", ");
  fail("invalid_configuration", { ...(file !== undefined && { file }), unknown: unknown.join(", "), nearest });
}

function nearestTo(name: string): string {
  const known = Object.keys(SETTINGS.shape).map((one) => ({ one, distance: leven(one, name) }));
  return known.reduce((best, next) => (next.distance < best.distance ? next : best)).one;
}
