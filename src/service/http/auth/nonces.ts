import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Milliseconds in which a nonce is to be signed. */
const TTL = 5 * 60_000;
const NONCE = /^[0-9a-f]{60}$/;

/** Nonces for signing in that need no storing: random bytes and an expiry, bound by a code. */
export class Nonces {
  /** @param now Unix milliseconds */
  constructor(
    private readonly secret: Buffer,
    private readonly now: () => number,
  ) {}

  make(): { readonly nonce: string; readonly expires: number } {
    const expires = this.now() + TTL;
    const body = Buffer.alloc(14, randomBytes(8));
    body.writeUIntBE(expires, 8, 6);
    return { nonce: Buffer.concat([body, this.codeOf(body)]).toString("hex"), expires };
  }

  /** Whether it was made here and has not expired. */
  isValid(nonce: string): boolean {
    if (!NONCE.test(nonce)) return false;
    const bytes = Buffer.from(nonce, "hex");
    const body = bytes.subarray(0, 14);
    return timingSafeEqual(bytes.subarray(14), this.codeOf(body)) && body.readUIntBE(8, 6) > this.now();
  }

  private codeOf(body: Buffer): Buffer {
    return createHmac("sha256", this.secret).update(body).digest().subarray(0, 16);
  }
}
