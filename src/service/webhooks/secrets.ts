import { randomBytes } from "node:crypto";

import { fromHex, toHex, type Hex } from "../../protocol";
import type { Webhook } from "../../store";
import type { Keystore } from "../keystore";

const PREFIX = "whsec_";
/** Bytes of a secret. */
const LENGTH = 32;

/** The secrets that receivers check deliveries by, sealed where they are stored. */
export class WebhookSecrets {
  constructor(private readonly keystore: Keystore) {}

  /** A new secret of the endpoint `id`, sealed for it alone. */
  create(id: string): string {
    return this.keystore.seal(bindingOf(id), toHex(randomBytes(LENGTH)));
  }

  /** As receivers keep it (Standard Webhooks 1.0). */
  textOf({ id, secret }: Webhook): string {
    return PREFIX + this.open(id, secret).toString("base64");
  }

  /** Those that sign at `time`, Unix milliseconds. */
  signing({ id, secret, formerSecret, formerUntil }: Webhook, time: number): Buffer[] {
    const sealed = formerSecret !== null && time < formerUntil ? [secret, formerSecret] : [secret];
    return sealed.map((one) => this.open(id, one));
  }

  private open(id: string, sealed: string): Buffer {
    return Buffer.from(fromHex(this.keystore.open(bindingOf(id), sealed)));
  }
}

function bindingOf(id: string): Hex {
  return `0x${id.slice("wh_".length)}`;
}
