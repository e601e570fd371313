import { lazy } from "react";

import { useTitle } from "../app/useTitle";
import { useMessages } from "../i18n/language";
import { walletTexts } from "./messages";
import { useSession } from "./session/Session";
import { ChooseSystem } from "./setup/ChooseSystem";
import { Setup } from "./setup/Setup";
import { Unlock } from "./setup/Unlock";

// What signs and checks comes with it.
const Opening = lazy(() => import("./Opening"));

/** A user's account: its key, its money, and the way out. */
export default function WalletApp() {
  const { stage } = useSession();
  useTitle(useMessages(walletTexts).title);
  switch (stage.at) {
    case "empty":
      return <Setup />;
    case "locked":
      return <Unlock vault={stage.vault} />;
    case "choosing":
      return <ChooseSystem />;
    case "open":
      return <Opening key={stage.vault.address} wallet={stage.wallet} />;
  }
}
