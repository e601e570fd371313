import { useMessages } from "../../i18n/language";
import { useAccount } from "../session/Account";
import { useSession } from "../session/Session";
import { ConnectTower } from "../tower/ConnectTower";
import { ConnectedTower } from "../tower/ConnectedTower";
import { towerTexts } from "../tower/messages";

/** Who looks after the account while its owner does not. */
export default function Towers() {
  const t = useMessages(towerTexts);
  const { surroundings } = useAccount();
  const { stage } = useSession();
  const connected = (stage.at === "open" && stage.vault.towers) || [];
  const others = surroundings.watchtowers.filter((url) => !connected.some((one) => one.url === url));
  return (
    <div className="stack">
      <p className="muted">{t.lead}</p>
      <div className="grid">
        {connected.map((tower) => (
          <ConnectedTower key={tower.url} of={tower} all={connected} />
        ))}
        <ConnectTower others={others} connected={connected} />
      </div>
    </div>
  );
}
