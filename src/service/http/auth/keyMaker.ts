import { createHmac } from "node:crypto";

import type { Keystore } from "../../keystore";
import { digestOf, makeToken } from "./credentials";

/**
 * Makes the texts of API keys. They follow from who asks and its idempotency key, by secrets of the service, so that a
 * request whose answer was lost gets the same key again though the text is stored nowhere.
 */
export class KeyMaker {
  private readonly ids: Buffer;
  private readonly texts: Buffer;

  constructor(keystore: Keystore) {
    this.ids = keystore.derive("ids of API keys");
    this.texts = keystore.derive("texts of API keys");
  }

  make(
    caller: string,
    idempotencyKey: string,
  ): { readonly id: string; readonly text: string; readonly digest: Buffer } {
    const code = createHmac("sha256", this.ids).update(`${caller}:${idempotencyKey}`).digest("hex");
    const id = code.slice(0, 32);
    const text = makeToken("apiKey", id, createHmac("sha256", this.texts).update(id).digest());
    return { id, text, digest: digestOf(text) };
  }
}
