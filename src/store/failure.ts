import { StarledgerError } from "../errors";

/** An error of the database as `store_failed`; one that is typed already, as it is. */
export function storeFailed(error: unknown): StarledgerError {
  return error instanceof StarledgerError ? error : new StarledgerError("store_failed", { reason: reasonOf(error) });
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
