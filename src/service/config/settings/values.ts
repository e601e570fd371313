import { z } from "zod";

import { toAddress } from "../../../protocol";
import { hexadecimal, json, keyReference } from "../../../settings";

export const addresses = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}(,0x[0-9a-fA-F]{40})*$/)
  .transform((text) => text.split(",").map(toAddress));

const node = z.url({ protocol: /^(http|ws)s?$/ });
export const nodes = z
  .string()
  .transform((text) => text.split(",").map((url) => url.trim()))
  .pipe(z.tuple([node], node));

const system = z.strictObject({
  address: hexadecimal(20).transform(toAddress),
  tokens: z.array(hexadecimal(20).transform(toAddress)).min(1),
  signerKey: keyReference,
});
export const systems = json
  .pipe(z.array(system).min(1))
  .refine((all) => new Set(all.map(({ address }) => address)).size === all.length);
