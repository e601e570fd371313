import { useState } from "react";

import { Choice } from "../../design/Field";
import { useMessages } from "../../i18n/language";
import { Alone } from "../leave/Alone";
import { leaveTexts } from "../leave/messages";
import { Together } from "../leave/Together";
import { useAccount } from "../session/Account";

/** Out of a channel, together with the operator or alone. */
export default function Leave() {
  const t = useMessages(leaveTexts);
  const { holdings } = useAccount();
  const [token, setToken] = useState(holdings[0]!.asset.token);
  const { asset } = holdings.find((one) => one.asset.token === token)!;
  return (
    <div className="stack">
      {holdings.length > 1 && (
        <div className="narrow">
          <Choice
            label={t.asset}
            value={token}
            onChange={({ target }) => setToken(holdings.find((one) => one.asset.token === target.value)!.asset.token)}
          >
            {holdings.map((one) => (
              <option key={one.asset.token} value={one.asset.token}>
                {one.asset.symbol}
              </option>
            ))}
          </Choice>
        </div>
      )}
      <div className="grid" key={token}>
        <Together asset={asset} />
        <Alone asset={asset} />
      </div>
    </div>
  );
}
