import { useMessages } from "../../i18n/language";
import { proofTexts } from "../proof/messages";
import { Published } from "../proof/Published";
import { useAccount } from "../session/Account";

/** The account's own place in what the system publishes of its debts. */
export default function Proof() {
  const t = useMessages(proofTexts);
  const { opened } = useAccount();
  return (
    <div className="stack">
      <p className="muted">{t.lead}</p>
      <div className="grid">
        {opened.map((asset) => (
          <Published key={asset.token} asset={asset} />
        ))}
      </div>
    </div>
  );
}
