import type { Action } from "./action";
import { CHAIN } from "./chain";
import { CROSSING } from "./crossing";
import { CUSTOMERS } from "./customers";
import { FAULTS } from "./faults";
import { HOSTILE } from "./hostile";
import { LOSS } from "./loss";
import { MESSAGES } from "./messages";
import { OPERATOR } from "./operator";

/** Everything that can happen. */
export const ACTIONS = {
  ...MESSAGES,
  ...CUSTOMERS,
  ...OPERATOR,
  ...CHAIN,
  ...CROSSING,
  ...HOSTILE,
  ...FAULTS,
  ...LOSS,
} as const satisfies Record<string, Action>;

export type Kind = keyof typeof ACTIONS;
