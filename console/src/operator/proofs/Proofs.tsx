import { useMessages } from "../../i18n/language";
import { useOperator } from "../session/Operator";
import { proofsTexts } from "./messages";
import { PublicationsOf } from "./PublicationsOf";

/** What was put on the chain of what is owed. */
export function Proofs() {
  const t = useMessages(proofsTexts);
  const { assets } = useOperator();
  return (
    <>
      <div>
        <h1>{t.title}</h1>
        <p className="muted">{t.lead}</p>
        <p>
          <a href="/proofs">{t.publicPage}</a>
        </p>
      </div>
      {assets.map((asset) => (
        <PublicationsOf key={asset.token} asset={asset} />
      ))}
    </>
  );
}
