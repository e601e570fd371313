import { Route, Switch } from "wouter";

import { NotFound } from "../app/NotFound";
import { Account } from "./accounts/Account";
import { Accounts } from "./accounts/Accounts";
import { Assets } from "./assets/Assets";
import { Disputes } from "./chain/Disputes";
import { Withdrawals } from "./chain/Withdrawals";
import { Events } from "./developers/Events";
import { Keys } from "./developers/Keys";
import { Webhooks } from "./developers/Webhooks";
import { FeedProvider } from "./live/Feed";
import { Navigation, type Group } from "./Navigation";
import { Overview } from "./overview/Overview";
import { Payments } from "./payments/Payments";
import { Proofs } from "./proofs/Proofs";
import { Books } from "./service/Books";
import { Settings } from "./service/Settings";
import { Status } from "./service/Status";
import { useOperator } from "./session/Operator";
import type { Act } from "./session/rights";
import "./operator.css";

/** Path, name, what is shown, and what one must be allowed for it. */
const GROUPS = [
  [["/", "overview", Overview, "seeStatus"]],
  [
    ["/accounts", "accounts", Accounts, "seeAccount"],
    ["/payments", "payments", Payments, "listPayments"],
    ["/assets", "assets", Assets, null],
  ],
  [
    ["/withdrawals", "withdrawals", Withdrawals, "listWithdrawals"],
    ["/disputes", "disputes", Disputes, "seeDisputes"],
  ],
  [
    ["/events", "events", Events, "seeEvents"],
    ["/webhooks", "webhooks", Webhooks, "seeWebhooks"],
    ["/keys", "keys", Keys, "seeKeys"],
  ],
  [
    ["/books", "books", Books, "reconcile"],
    ["/proofs", "proofs", Proofs, "publish"],
    ["/status", "status", Status, "seeStatus"],
    ["/settings", "settings", Settings, "seeSettings"],
  ],
] as const satisfies readonly Group<React.ComponentType, Act>[];

/** What there is to see and do with the key that one has signed in with. */
export function OperatorPages() {
  const { may, system } = useOperator();
  const groups = GROUPS.map((group) => group.filter(([, , , act]) => act === null || may(act))).filter(
    (group) => group.length > 0,
  );
  const pages = groups.flat();
  const [first] = pages;
  return (
    <FeedProvider key={system.address}>
      <div className="operator">
        <Navigation groups={groups} />
        <div className="stack" key={system.address}>
          <Switch>
            {pages.map(([path, , Page]) => (
              <Route key={path} path={path}>
                <Page />
              </Route>
            ))}
            {may("seeAccount") && (
              <Route path="/accounts/:address">{({ address }) => <Account address={address} />}</Route>
            )}
            {first !== undefined && (
              <Route path="/">
                <Beginning of={first[2]} />
              </Route>
            )}
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </div>
      </div>
    </FeedProvider>
  );
}

/** For a key that may not see the overview, what it may see begins with this. */
function Beginning({ of: Page }: { readonly of: React.ComponentType }) {
  return <Page />;
}
