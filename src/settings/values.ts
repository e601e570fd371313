import { z } from "zod";

import type { Hex } from "../protocol";
import { isKeyReference } from "../signer";

/** So many bytes, in either case. */
export const hexadecimal = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text.toLowerCase() as Hex);

/** A key, or where it is. */
export const keyReference = z.string().refine(isKeyReference);

/** What has parts of its own, as JSON in one variable. */
export const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "not JSON" });
    return z.NEVER;
  }
});
