import { Loading } from "../../app/Loading";
import { Problem } from "../../app/Problem";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { walletTexts } from "../messages";
import { ActivityTable } from "../parts/ActivityTable";
import { useActivity } from "../parts/useActivity";

/** All that happened to the account, by its own records. */
export function Activity() {
  const t = useMessages(walletTexts);
  const { value, error, askAgain } = useActivity();
  if (value === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  return (
    <Panel title={t.sections.activity} aside={<span className="small muted">{t.checked}</span>}>
      <ActivityTable of={value} />
    </Panel>
  );
}
