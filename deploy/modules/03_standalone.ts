import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The contracts that need nothing of the hub: hash time locks, and the anchor of liabilities and records. */
export default buildModule("Standalone", (m) => ({
  htlc: m.contract("HTLC"),
  anchor: m.contract("LiabilityAnchor"),
}));
