import { Problem } from "../../app/Problem";
import { Transaction } from "../../chain/Transaction";
import type { NamedAsset } from "../../data/chain";
import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Panel } from "../../design/Panel";
import { Progress, type Step } from "../../design/Progress";
import { useLanguage, useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { leaveTexts } from "./messages";
import { SituationFacts } from "./SituationFacts";
import { useWayOut } from "./useWayOut";
import { describe } from "./words";

/** The way out without the operator, each step shown before it is done. */
export function Alone({ asset }: { readonly asset: NamedAsset }) {
  const t = useMessages(leaveTexts);
  const { locale } = useLanguage();
  const { client } = useAccount();
  const { next, sent, isUnderWay, error, goOn } = useWayOut(client, asset.token);
  const isDone = next?.step.do === "done";
  const isAsking = !isDone && next?.step.do !== "wait";
  const steps: Step[] = sent.map(({ step, transaction, gas }) => ({
    title: t.transaction(step, String(gas)),
    detail: <Transaction of={transaction} />,
    state: "done",
  }));
  if (next !== undefined) steps.push({ title: describe(next.step, asset, t, locale), state: isDone ? "done" : "now" });
  return (
    <Panel title={t.alone}>
      <p className="muted">{t.aloneHint}</p>
      {next === undefined ? (
        <Notice tone="warn">{t.aloneWarning}</Notice>
      ) : (
        <>
          <SituationFacts of={next.situation} asset={asset} />
          <div aria-live="polite">
            <Progress steps={steps} />
          </div>
        </>
      )}
      {error !== undefined && <Problem of={error} />}
      {isAsking && (
        <div className="row">
          <Button kind={next === undefined ? "plain" : "danger"} busy={isUnderWay} onClick={goOn}>
            {next === undefined ? t.look : t.do}
          </Button>
        </div>
      )}
      <p className="small muted">{t.resumed}</p>
    </Panel>
  );
}
