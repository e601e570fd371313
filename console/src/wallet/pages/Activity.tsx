import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { Money } from "../../design/Money";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { walletTexts } from "../messages";
import { ActivityTable } from "../parts/ActivityTable";
import { activityTexts } from "../parts/messages";
import { useActivity } from "../parts/useActivity";

/** All that happened to the account, by its own records and its own node. */
export function Activity() {
  const t = useMessages(walletTexts);
  const { earlier } = useMessages(activityTexts);
  const { value, deposits = [], error, askAgain } = useActivity();
  return (
    <Panel title={t.sections.activity} aside={<span className="small muted">{t.checked}</span>}>
      {error !== undefined && <Problem of={error} onRetry={askAgain} />}
      {value === undefined ? error === undefined && <Loading /> : <ActivityTable of={value} />}
      {deposits
        .filter((one) => one.earlier > 0n)
        .map((one) => (
          <p key={one.asset.token} className="small muted">
            {earlier} <Money amount={one.earlier} of={one.asset} />
          </p>
        ))}
    </Panel>
  );
}
