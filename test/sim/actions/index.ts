import type { Action } from "./action";
import { CUSTOMERS } from "./customers";
import { FAULTS } from "./faults";
import { MESSAGES } from "./messages";
import { OPERATOR } from "./operator";

/** Everything that can happen. */
export const ACTIONS = { ...MESSAGES, ...CUSTOMERS, ...OPERATOR, ...FAULTS } as const satisfies Record<string, Action>;

export type Kind = keyof typeof ACTIONS;
