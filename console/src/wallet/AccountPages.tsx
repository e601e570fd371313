import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";

import { Loading } from "../app/Loading";
import { NotFound } from "../app/NotFound";
import { Button } from "../design/Button";
import { Hex } from "../design/Copyable";
import { Sections } from "../design/Sections";
import { useMessages } from "../i18n/language";
import { walletTexts } from "./messages";
import { Activity } from "./pages/Activity";
import { Overview } from "./pages/Overview";
import { Pay } from "./pages/Pay";
import { Receive } from "./pages/Receive";
import { Meanwhile } from "./parts/Meanwhile";
import { useAccount } from "./session/Account";
import { useSession } from "./session/Session";

// What is rarely looked at comes when it is.
const Chain = lazy(() => import("./pages/Chain"));
const KeyPage = lazy(() => import("./pages/KeyPage"));
const Leave = lazy(() => import("./pages/Leave"));
const Proof = lazy(() => import("./pages/Proof"));
const Towers = lazy(() => import("./pages/Towers"));

const PAGES = [
  ["/", "overview", Overview],
  ["/receive", "receive", Receive],
  ["/pay", "pay", Pay],
  ["/activity", "activity", Activity],
  ["/chain", "chain", Chain],
  ["/proof", "proof", Proof],
  ["/watchtower", "towers", Towers],
  ["/leave", "leave", Leave],
  ["/key", "key", KeyPage],
] as const;

/** What there is to do with an open account. */
export function AccountPages() {
  const t = useMessages(walletTexts);
  const { client } = useAccount();
  const { lock } = useSession();
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
      <Meanwhile />
      <Suspense fallback={<Loading />}>
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
      </Suspense>
    </div>
  );
}
