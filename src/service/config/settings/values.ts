import { z } from "zod";

import { toAddress, type Hex } from "../../../protocol";
import { isKeyReference } from "../../../signer";

export const hexadecimal = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text.toLowerCase() as Hex);
export const addresses = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}(,0x[0-9a-fA-F]{40})*$/)
  .transform((text) => text.split(",").map(toAddress));

export const keyReference = z.string().refine(isKeyReference);

export const nodes = z
  .string()
  .transform((text) => text.split(",").map((url) => url.trim()))
  .pipe(z.tuple([z.url({ protocol: /^https?$/ })], z.url({ protocol: /^https?$/ })));

const system = z.strictObject({
  address: hexadecimal(20).transform(toAddress),
  tokens: z.array(hexadecimal(20).transform(toAddress)).min(1),
  signerKey: keyReference,
});
export const systems = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.array(system).min(1))
  .refine((all) => new Set(all.map(({ address }) => address)).size === all.length);
