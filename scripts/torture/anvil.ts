import { existsSync } from "node:fs";
import path from "node:path";

import { PACKAGE_ROOT, runNode, type LocalNode } from "../../src/chain/localNode";

/** Foundry's node as the package brings it; on machines that it brings none for, the one that is installed. */
const BROUGHT = path.join(PACKAGE_ROOT, "node_modules/.bin/anvil");
const ANVIL = existsSync(BROUGHT) ? BROUGHT : "anvil";

/** Starts anvil on a free port, with blocks of 30 million gas, and waits until it answers. */
export function startAnvil(chainId = 31_337n): Promise<LocalNode> {
  const fixed = ["--quiet", "--hardfork", "osaka", "--gas-limit", "30000000"];
  return runNode(ANVIL, (port) => [...fixed, "--chain-id", String(chainId), "--port", port]);
}
