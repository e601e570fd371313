import type { Hash } from "../../../../src/protocol";
import { Button, ButtonLink } from "../../design/Button";
import { Copyable } from "../../design/Copyable";
import { Panel } from "../../design/Panel";
import { Progress, type Step } from "../../design/Progress";
import { useMessages } from "../../i18n/language";
import { useActivity } from "../parts/useActivity";
import { payTexts } from "./messages";

/** A conditional payment on its way, as this account's own records have it. */
export function FollowInvoice({ hash, onAnother }: { readonly hash: Hash; readonly onAnother: () => void }) {
  const t = useMessages(payTexts);
  const { value: activity = [] } = useActivity();
  const mine = activity.find(({ entry }) => entry.type === "locked" && entry.hash === hash);
  const outcome = mine?.outcome ?? "waits";
  const receipt = mine?.preimage === undefined ? {} : { detail: <Copyable text={mine.preimage} /> };
  const steps: Step[] = [
    { title: t.steps.locked, state: "done" },
    { title: t.steps.claim, state: outcome === "waits" ? "now" : outcome === "taken" ? "done" : "failed" },
    outcome === "returned"
      ? { title: t.steps.returned, state: "done" }
      : { title: t.steps.settled, state: outcome === "taken" ? "done" : "later", ...receipt },
  ];
  return (
    <div className="narrow">
      <Panel title={t.invoice}>
        <div aria-live="polite">
          <Progress steps={steps} />
        </div>
        <div className="row">
          <ButtonLink to="/activity">{t.toActivity}</ButtonLink>
          <Button kind="quiet" onClick={onAnother}>
            {t.another}
          </Button>
        </div>
      </Panel>
    </div>
  );
}
