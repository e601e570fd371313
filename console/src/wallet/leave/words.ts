import type { ExitStep } from "../../../../src/sdk/browser";
import type { NamedAsset } from "../../data/chain";
import { showAmount } from "../../format/amount";
import { showTime } from "../../format/time";
import type { LeaveTexts } from "./messages";

/** A step of the way out in plain words. */
export function describe(
  step: ExitStep,
  { decimals, symbol }: NamedAsset,
  { steps: t }: LeaveTexts,
  locale: string,
): string {
  const money = (amount: bigint) => `${showAmount(amount, decimals, locale)} ${symbol}`;
  switch (step.do) {
    case "register":
      return t.register(step.preimages.length);
    case "agree":
      return t.agree(money(step.due));
    case "close":
      return step.humble ? t.closeHumbly(money(step.due), showAmount(step.fee, 18, locale)) : t.close(money(step.due));
    case "challenge":
      return t.challenge(String(step.evidence.state.version));
    case "prove":
      return t.prove(String(step.held.note.seq));
    case "settle":
      return t.settle(money(step.due));
    case "collect":
      return t.collect(step.items.length);
    case "wait":
      return t.wait(showTime(Number(step.until) * 1_000, locale));
    case "done":
      return t.finished;
  }
}
