import { z } from "zod";

/** Addresses or networks of proxies, with commas between, as a setting. */
export const trustedProxies = z
  .string()
  .regex(/^[\da-fA-F.:/]+(,[\da-fA-F.:/]+)*$/)
  .transform((text) => text.split(","))
  .optional()
  .describe(
    "Addresses or networks of the proxies whose X-Forwarded-For is believed, with commas between. Without it, none: set it behind a proxy, for whoever calls counts by its address.",
  );
