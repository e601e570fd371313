import { useState } from "react";

import { fail } from "../../../../src/errors";
import { termsOfTower, type TowerTerms, type WatchtowerOptions } from "../../../../src/sdk/browser";
import { ActForm } from "../../app/ActForm";
import { useAct } from "../../data/useAct";
import { Choice } from "../../design/Field";
import { Panel } from "../../design/Panel";
import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { Agree } from "./Agree";
import { towerTexts } from "./messages";

interface ConnectTowerProps {
  /** Those that the page may ask and that are not connected. */
  readonly others: readonly string[];
  readonly connected: readonly WatchtowerOptions[];
}

/** Another watchtower: what it asks for is shown before it is handed anything. */
export function ConnectTower({ others, connected }: ConnectTowerProps) {
  const t = useMessages(towerTexts);
  const { client } = useAccount();
  const [chosen, setChosen] = useState<string>();
  const [terms, setTerms] = useState<TowerTerms>();
  const url = others.find((one) => one === chosen) ?? others[0];
  const { start, isUnderWay, error } = useAct(async (tower: string) => {
    const { chainId, hub } = client.domain;
    const asked = await termsOfTower(tower);
    const watches = asked.chains.some((one) => one.chainId === chainId && one.hubs.includes(hub));
    if (!watches) fail("unknown_channel", { chainId, hub, reason: "this hub is not watched" });
    setTerms(asked);
  });
  return (
    <Panel title={t.connect}>
      {url === undefined ? (
        <p className="muted">{connected.length > 0 ? t.noOther : t.noneNamed}</p>
      ) : terms !== undefined ? (
        <Agree {...{ url, terms, connected }} onBack={() => setTerms(undefined)} />
      ) : (
        <ActForm onSubmit={() => start(url)} {...{ isUnderWay, error }} label={t.look} disabled={false}>
          <Choice label={t.tower} value={url} onChange={({ target }) => setChosen(target.value)}>
            {others.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Choice>
        </ActForm>
      )}
      <p className="small muted">{t.named}</p>
    </Panel>
  );
}
