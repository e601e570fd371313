import { Route, Switch } from "wouter";

import { NotFound } from "../app/NotFound";
import { Problem } from "../app/Problem";
import { Button } from "../design/Button";
import { Hex } from "../design/Copyable";
import { Sections } from "../design/Sections";
import { useMessages } from "../i18n/language";
import { walletTexts } from "./messages";
import { Activity } from "./pages/Activity";
import { Chain } from "./pages/Chain";
import { KeyPage } from "./pages/KeyPage";
import { Leave } from "./pages/Leave";
import { Overview } from "./pages/Overview";
import { Pay } from "./pages/Pay";
import { Receive } from "./pages/Receive";
import { useAccount } from "./session/Account";
import { useSession } from "./session/Session";

const PAGES = [
  ["/", "overview", Overview],
  ["/receive", "receive", Receive],
  ["/pay", "pay", Pay],
  ["/activity", "activity", Activity],
  ["/chain", "chain", Chain],
  ["/leave", "leave", Leave],
  ["/key", "key", KeyPage],
] as const;

/** What there is to do with an open account. */
export function AccountPages() {
  const t = useMessages(walletTexts);
  const { client, problem } = useAccount();
  const { lock } = useSession();
  const trouble = problem();
  return (
    <div className="stack">
      <div className="row spread">
        <div className="row">
          <h1>{t.title}</h1>
          <Hex of={client.account} />
        </div>
        <Button kind="quiet" onClick={() => void lock()}>
          {t.lock}
        </Button>
      </div>
      <Sections label={t.title} of={PAGES.map(([path, name]) => [path, t.sections[name]])} />
      {trouble !== undefined && <Problem of={trouble} />}
      <Switch>
        {PAGES.map(([path, , Page]) => (
          <Route key={path} path={path}>
            <Page />
          </Route>
        ))}
        <Route>
          <NotFound />
        </Route>
      </Switch>
    </div>
  );
}
