import { lazy } from "react";
import { Route, Switch } from "wouter";

import { LanguageProvider } from "../i18n/language";
import { SessionProvider } from "../wallet/session/Session";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

const ServicePage = lazy(() => import("../public/ServicePage"));
const PayPage = lazy(() => import("../pay/PayPage"));
const OperatorApp = lazy(() => import("../operator/OperatorApp"));
const WalletApp = lazy(() => import("../wallet/WalletApp"));

/** The console: a page for anyone, a wallet, and what the operator sees and does. */
export function App() {
  return (
    <LanguageProvider>
      <SessionProvider>
        <Shell>
          <Switch>
            <Route path="/">
              <ServicePage />
            </Route>
            <Route path="/pay/:invoice">{({ invoice }) => <PayPage text={invoice} />}</Route>
            <Route path="/wallet" nest>
              <WalletApp />
            </Route>
            <Route path="/operator" nest>
              <OperatorApp />
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Shell>
      </SessionProvider>
    </LanguageProvider>
  );
}
