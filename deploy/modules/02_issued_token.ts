import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Value of the Solidity enum `Backing`. */
const ISSUED = 1;

/**
 * A token that the sender issues: users' withdrawals mint it, at the hub and nowhere else. One deployment id per token:
 * `npx hardhat ignition deploy deploy/modules/02_issued_token.ts --network custom --deployment-id <name>
 * --parameters <file>`. The terms are listed for good; they are `addAsset`'s.
 */
export default buildModule("IssuedToken", (m) => {
  const issuer = m.getAccount(0);
  const hub = m.contractAt("IHubBooks", m.getParameter("hub"));
  const token = m.contract("IssuedToken", [
    m.getParameter("name"),
    m.getParameter("symbol"),
    m.getParameter("decimals"),
    issuer,
    m.getParameter("cap"),
  ]);
  const granted = m.call(token, "grantRole", [m.staticCall(token, "MINTER_ROLE"), hub]);
  const terms = {
    backing: ISSUED,
    challengePeriod: m.getParameter("challengePeriod"),
    claimWindow: m.getParameter("claimWindow"),
    lockLimit: m.getParameter("lockLimit"),
    award: m.getParameter("award"),
    staleFee: m.getParameter("staleFee"),
  };
  m.call(hub, "addAsset", [token, terms], { after: [granted] });
  return { token };
});
