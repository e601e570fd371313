import { Copyable } from "../../design/Copyable";
import { Facts } from "../../design/Facts";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { BackUp } from "../key/BackUp";
import { keyTexts } from "../key/messages";
import { OwnKey } from "../key/OwnKey";
import { useAccount } from "../session/Account";
import { useSession } from "../session/Session";

/** The key and the records: what must not be lost. */
export default function KeyPage() {
  const t = useMessages(keyTexts);
  const { client } = useAccount();
  const { stage } = useSession();
  const { domain, system, account } = client;
  return (
    <div className="grid">
      {stage.at === "open" && stage.vault.kind === "own" ? (
        <OwnKey vault={stage.vault} />
      ) : (
        <Panel title={t.key}>
          <p className="muted">{t.injected}</p>
        </Panel>
      )}
      <BackUp />
      <Panel title={t.identity}>
        <Facts
          of={[
            [t.account, <Copyable key="account" text={account} />],
            [t.system, <Copyable key="system" text={system} />],
            [t.hub, <Copyable key="hub" text={domain.hub} />],
            [t.chain, String(domain.chainId)],
          ]}
        />
        <p className="small muted">{t.identityHint}</p>
        <p className="small muted">{t.trust}</p>
      </Panel>
    </div>
  );
}
