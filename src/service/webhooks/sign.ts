import { createHmac } from "node:crypto";

/** What is signed of a delivery. */
export interface Message {
  /** The same for every attempt: receivers know by it what they have already. */
  readonly id: string;
  /** Unix milliseconds, of the attempt. */
  readonly time: number;
  readonly body: string;
}

/** The head of a delivery that says that it is ours: one signature per secret (Standard Webhooks 1.0). */
export function signedHead({ id, time, body }: Message, secrets: readonly Buffer[]): Record<string, string> {
  const seconds = `${Math.floor(time / 1_000)}`;
  const signatures = secrets.map((secret) => {
    const mac = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64");
    return `v1,${mac}`;
  });
  return { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signatures.join(" ") };
}
