import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

import HubModule from "./01_hub";

/** Permit2 has this address on nearly all chains; where it has not, deposits by it are refused by name. */
const PERMIT2 = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

/** Deposits by permit, beside the hub. */
export default buildModule("DepositRouter", (m) => {
  const { registry, books, hub } = m.useModule(HubModule);
  const depositRouter = m.contract("DepositRouter", [hub, m.getParameter("permit2", PERMIT2)]);
  return { registry, books, hub, depositRouter };
});
