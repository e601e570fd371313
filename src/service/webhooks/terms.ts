import type { EventType } from "../../engine";
import type { Address } from "../../protocol";
import type { Delivery, Webhook } from "../../store";

/** What an endpoint is asked to be. */
export interface WebhookTerms {
  readonly url: string;
  readonly description: string;
  readonly types: readonly EventType[] | null;
  readonly account: Address | null;
}

/** What is to be another way. */
export type WebhookChanges = {
  readonly [Name in keyof WebhookTerms]?: WebhookTerms[Name] | undefined;
} & {
  readonly status?: "enabled" | "disabled" | undefined;
  /** Where it goes on: it is told again of what comes after this event. */
  readonly after?: bigint | undefined;
};

/** An endpoint with the secret that its receiver checks deliveries by. */
export interface WithSecret {
  readonly webhook: Webhook;
  readonly secret: string;
  /** It was asked for under this idempotency key before. */
  readonly replayed: boolean;
}

/** A delivery that was asked for. */
export interface Asked {
  readonly delivery: Delivery;
  readonly replayed: boolean;
}
