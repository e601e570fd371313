import { ButtonLink } from "../../design/Button";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { walletTexts } from "../messages";
import { ActivityTable } from "../parts/ActivityTable";
import { HoldingCard } from "../parts/HoldingCard";
import { useActivity } from "../parts/useActivity";
import { useAccount } from "../session/Account";

const LATEST = 5;

/** What the account has, and what happened last. */
export function Overview() {
  const t = useMessages(walletTexts);
  const { holdings } = useAccount();
  const { value: activity = [] } = useActivity();
  return (
    <div className="stack">
      <div className="grid">
        {holdings.map((holding) => (
          <HoldingCard key={holding.asset.token} of={holding} />
        ))}
      </div>
      <div className="row">
        <ButtonLink to="/pay" kind="primary">
          {t.sections.pay}
        </ButtonLink>
        <ButtonLink to="/receive">{t.sections.receive}</ButtonLink>
      </div>
      <Panel
        title={t.recent}
        aside={
          <ButtonLink to="/activity" kind="quiet">
            {t.all}
          </ButtonLink>
        }
      >
        <ActivityTable of={activity.slice(0, LATEST)} />
      </Panel>
    </div>
  );
}
