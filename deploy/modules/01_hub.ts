import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The contracts that all systems, users and tokens share. */
export default buildModule("Hub", (m) => {
  const registry = m.contract("PreimageRegistry");
  const books = m.contract("HubBooks", [registry]);
  const hub = m.contract("ChannelHub", [registry, books]);
  return { registry, books, hub };
});
