import { expect } from "chai";

import { StarledgerError, type ErrorCode } from "../../src/errors";

/** What `act` throws, or rejects with; it must be the typed error `code`, and have these details. */
export async function expectError(
  act: () => unknown,
  code: ErrorCode,
  details: Record<string, unknown> = {},
): Promise<StarledgerError> {
  let caught: unknown;
  try {
    await act();
  } catch (error) {
    caught = error;
  }
  expect(caught, `expected ${code}`).to.be.instanceOf(StarledgerError);
  const error = caught as StarledgerError;
  const wanted = Object.fromEntries(Object.entries(details).map(([name, value]) => [name, String(value)]));
  expect({ code: error.code, ...error.details }).to.include({ code, ...wanted });
  return error;
}
