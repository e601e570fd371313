import { Link, useLocation } from "wouter";

import { Button } from "../design/Button";
import { useCurrentSeen } from "../design/useCurrentSeen";
import { useMessages } from "../i18n/language";
import { operatorTexts } from "./messages";
import { useOperator } from "./session/Operator";
import "./navigation.css";

/** Pages that belong together: path, name, what is shown, and what one must be allowed for it. */
export type Group<Page, Act> = readonly (readonly [
  path: string,
  name: keyof (typeof operatorTexts)["en"]["pages"],
  page: Page,
  act: Act | null,
])[];

/** Where an operator can go; beside the page, or above it on a narrow screen. */
export function Navigation({ groups }: { readonly groups: readonly Group<unknown, unknown>[] }) {
  const t = useMessages(operatorTexts);
  const { caller, systems, system, chooseSystem, signOut } = useOperator();
  const [location] = useLocation();
  const links = useCurrentSeen(location);
  const isAt = (path: string) => location === path || (path !== "/" && location.startsWith(`${path}/`));
  return (
    <div className="navigation">
      {systems.length > 1 && (
        <select
          aria-label={t.system}
          value={system.address}
          onChange={({ target }) => chooseSystem(systems.find(({ address }) => address === target.value)!.address)}
        >
          {systems.map(({ address }) => (
            <option key={address} value={address}>
              {`${address.slice(0, 8)}…${address.slice(-4)}`}
            </option>
          ))}
        </select>
      )}
      <nav ref={links} aria-label={t.title}>
        {groups.map((group) => (
          <ul key={group[0]![0]}>
            {group.map(([path, name]) => (
              <li key={path}>
                <Link href={path} aria-current={isAt(path) ? "page" : undefined}>
                  {t.pages[name]}
                </Link>
              </li>
            ))}
          </ul>
        ))}
      </nav>
      <div className="navigation-who">
        <p className="small muted">{caller.kind === "operator" ? t.asOperator : t.asKey(caller.id.slice(0, 8))}</p>
        <Button kind="quiet" onClick={signOut}>
          {t.signOut}
        </Button>
      </div>
    </div>
  );
}
