import { setTimeout as pause } from "node:timers/promises";

import * as z from "zod";

import { fail, StarledgerError } from "../errors";
import { recover, type Address, type Hash, type Signature } from "../protocol";
import * as wire from "../wire";
import { ask, toEndpoint, type Answer, type Endpoint } from "./endpoint";
import type { Key, Purpose } from "./key";

/** How often a signer that is away is asked, and milliseconds until the second time; then ever longer. */
const TRIES = 3;
const PAUSE = 50;

/**
 * A key that another program holds: one in front of a KMS or HSM, say (docs/SIGNER.md).
 * @param patience milliseconds that a signature may take, tries again included
 * @throws invalid_input, signer_unavailable, signer_refused
 */
export async function externalKey(reference: string, patience: number): Promise<Key> {
  const endpoint = toEndpoint(reference);
  const { address } = await answerOf(endpoint, undefined, patience, wire.keyAnswer);
  return {
    address,
    sign: async (digest, purpose) => {
      const body = JSON.stringify(z.encode(wire.signingRequest, requestOf(digest, purpose)));
      const { signature } = await answerOf(endpoint, body, patience, wire.signingAnswer);
      return checked(endpoint, digest, signature, address);
    },
    requireReady: async () => {
      const { address: got } = await answerOf(endpoint, undefined, patience, wire.keyAnswer);
      if (got !== address) fail("signer_refused", { signer: endpoint.name, got, want: address });
    },
  };
}

/**
 * A secret that another program keeps, or has a KMS decrypt.
 * @throws invalid_input, signer_unavailable, signer_refused
 */
export async function externalSecret(reference: string, patience: number): Promise<string> {
  return (await answerOf(toEndpoint(reference), undefined, patience, wire.secretAnswer)).secret;
}

function requestOf(digest: Hash, purpose: Purpose): z.output<typeof wire.signingRequest> {
  switch (purpose.kind) {
    case "message": {
      const { type, value, domain } = purpose;
      const fields = Object.entries(value).map(
        ([name, field]: [string, unknown]) => [name, typeof field === "boolean" ? field : String(field)] as const,
      );
      return { kind: "message", digest, ...domain, type, value: Object.fromEntries(fields) };
    }
    case "text":
      return { kind: "text", digest, text: purpose.text };
    case "transaction":
      return { kind: "transaction", digest, transaction: purpose.unsigned };
  }
}

/** A signature counts only if it is by the key, and in the one form that the hub takes. */
function checked({ name: signer }: Endpoint, digest: Hash, signature: Signature, want: Address): Signature {
  let got: Address;
  try {
    got = recover(digest, signature);
  } catch {
    return fail("signer_refused", { signer, reason: "the signature is malformed, or its s is high" });
  }
  return got === want ? signature : fail("signer_refused", { signer, reason: "the signature is another's", got, want });
}

async function answerOf<T>(
  endpoint: Endpoint,
  body: string | undefined,
  patience: number,
  schema: z.ZodType<T>,
): Promise<T> {
  const { name: signer } = endpoint;
  const { status, text } = await askPatiently(endpoint, body, patience);
  if (status !== 200) fail("signer_refused", { signer, status });
  try {
    return z.decode(schema, JSON.parse(text) as z.input<typeof schema>);
  } catch {
    return fail("signer_refused", { signer, reason: "the answer is not as docs/SIGNER.md says" });
  }
}

/** Signing the same digest again does no harm. */
async function askPatiently(endpoint: Endpoint, body: string | undefined, patience: number): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    let reason: string;
    try {
      const answer = await ask(endpoint, body, patience / TRIES);
      if (answer.status !== 429 && answer.status < 500) return answer;
      reason = `status ${answer.status}`;
    } catch (error) {
      const { code, name, message } = error as NodeJS.ErrnoException;
      reason = name === "AbortError" ? "no answer in time" : (code ?? message);
    }
    if (tries === TRIES) throw new StarledgerError("signer_unavailable", { signer: endpoint.name, reason });
    await pause(PAUSE * 2 ** tries);
  }
}
