import { z } from "zod";

import { HTTP_SETTINGS } from "../../http";
import { BACKING_SETTINGS } from "./backing";
import { CHAIN_SETTINGS } from "./chain";
import { GAS_SETTINGS } from "./gas";
import { PROCESS_SETTINGS } from "./process";
import { REACH_SETTINGS } from "./reach";
import { SECRET_SETTINGS } from "./secrets";
import { SETTLEMENT_SETTINGS } from "./settlement";

/** Every setting; `docs/CONFIGURATION.md` is written from this. */
export const SETTINGS = z.object({
  ...PROCESS_SETTINGS.shape,
  ...CHAIN_SETTINGS.shape,
  ...GAS_SETTINGS.shape,
  ...SETTLEMENT_SETTINGS.shape,
  ...REACH_SETTINGS.shape,
  ...BACKING_SETTINGS.shape,
  ...SECRET_SETTINGS.shape,
  ...HTTP_SETTINGS.shape,
});

/** What they say, once they are checked. */
export type CheckedSettings = z.output<typeof SETTINGS>;
