import { Loading } from "../app/Loading";
import { Problem } from "../app/Problem";
import { useTitle } from "../app/useTitle";
import { useService } from "../data/useService";
import { ButtonLink } from "../design/Button";
import { Panel } from "../design/Panel";
import { useMessages } from "../i18n/language";
import { AssetTable } from "./AssetTable";
import { LatestProofs } from "./LatestProofs";
import { serviceTexts } from "./messages";
import { Readiness } from "./Readiness";
import { SystemFacts } from "./SystemFacts";

/** What the service is, for anyone: its assets and totals, and whom one deals with. */
export default function ServicePage() {
  const t = useMessages(serviceTexts);
  const { value: service, error, askAgain } = useService(15_000);
  useTitle(t.title(location.host));
  if (service === undefined) return error === undefined ? <Loading /> : <Problem of={error} onRetry={askAgain} />;
  return (
    <div className="stack">
      <div className="row spread">
        <div>
          <h1>{t.title(location.host)}</h1>
          <p className="muted">{t.lead}</p>
        </div>
        <ButtonLink to="/wallet" kind="primary">
          {t.openWallet}
        </ButtonLink>
      </div>
      {error !== undefined && <Problem of={error} />}
      <Panel title={t.assets} aside={<Readiness />}>
        <AssetTable assets={service.assets} />
      </Panel>
      <LatestProofs of={service} />
      <div className="grid">
        <Panel title={t.systems}>
          <SystemFacts systems={service.systems} />
        </Panel>
        <Panel title={t.forDevelopers}>
          <ul className="stack">
            <li>
              <a href="/docs">{t.api}</a>
            </li>
            <li>
              <a href="/openapi.json">{t.document}</a>
            </li>
            <li>
              <a href="/readyz">{t.readiness}</a>
            </li>
          </ul>
        </Panel>
      </div>
    </div>
  );
}
