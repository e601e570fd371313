import type { Random } from "../../scripts/torture/random";

/** One of a list that is not empty. */
export function pick<T>(list: readonly T[], random: Random): T {
  return list[random.between(0, list.length - 1)]!;
}
