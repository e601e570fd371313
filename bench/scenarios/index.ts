import { batch } from "./batch";
import { direct } from "./direct";
import { hosted } from "./hosted";
import { htlc } from "./htlc";
import { issue } from "./issue";
import { mixed } from "./mixed";
import type { Scenario } from "./scenario";

export const SCENARIOS: Readonly<Record<string, Scenario>> = { direct, htlc, hosted, issue, batch, mixed };
