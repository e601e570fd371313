import { StarledgerError } from "../../errors";

/** What was looked at, and what is wrong with it; nothing where all is as it should be. */
export interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

export function passed(check: string, detail: string): Check {
  return { check, ok: true, detail };
}

export function failed(check: string, detail: string): Check {
  return { check, ok: false, detail };
}

/** A check that is passed with what `look` says, and failed with what it throws. */
export async function checking(check: string, look: () => Promise<string>): Promise<Check> {
  try {
    return passed(check, await look());
  } catch (error) {
    if (!(error instanceof StarledgerError)) throw error;
    return failed(check, `${error.code}: ${error.message}`);
  }
}
