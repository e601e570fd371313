import { fail } from "../../errors";
import type { ChainNode, OperatorApi } from "../../sdk";
import { dateOf } from "../dates";
import { checking, failed, passed, type Check } from "./check";

/** How far ahead of this machine a block may be, in seconds. */
const AHEAD = 60n;

/** Whether the chain is there, is the one that is served, and says of each system and asset what the service says. */
export async function checkChain(rpc: string, api: OperatorApi): Promise<Check[]> {
  const { ChainNode, DisputeHub, httpProvider } = await import("../../sdk");
  const node = new ChainNode(httpProvider(rpc));
  const reached = await checking("node", () => headOf(node));
  if (!reached.ok) return [reached];
  const checks = [reached];
  for (const { address: system, chainId, hub: at, signer } of await api.systems()) {
    const onChain = await node.chainId();
    checks.push(
      (onChain === chainId ? passed : failed)(`chain id of ${system}`, `node ${onChain}, service ${chainId}`),
    );
    if (!(await node.hasCode(at))) {
      checks.push(failed(`hub of ${system}`, `no contract is at ${at}`));
      continue;
    }
    const hub = new DisputeHub(at, node);
    checks.push(passed(`hub of ${system}`, at));
    const isSigner = await hub.accepts(system, signer);
    const said = isSigner ? "the hub takes its signatures" : "the hub takes no signature of it";
    checks.push((isSigner ? passed : failed)(`signer ${signer}`, said));
    for (const asset of (await api.assets()).filter((one) => one.system === system)) {
      checks.push(
        await checking(`asset ${asset.token}`, async () => {
          const { settings } = await hub.asset(system, asset.token);
          for (const [name, value] of Object.entries(settings)) {
            const got = asset.settings[name as keyof typeof settings];
            if (got !== value) fail("state_mismatch", { setting: name, got, onChain: value });
          }
          const decimals = await hub.decimals(asset.token);
          if (decimals !== asset.decimals) fail("state_mismatch", { got: asset.decimals, onChain: decimals });
          return `as on the chain: ${settings.backing}, ${decimals} decimals`;
        }),
      );
    }
  }
  return checks;
}

async function headOf(node: ChainNode): Promise<string> {
  const { number, time } = await node.block("latest");
  const ahead = time - BigInt(Math.floor(Date.now() / 1_000));
  if (ahead > AHEAD) fail("out_of_range", { block: number, secondsAhead: ahead, most: AHEAD });
  return `block ${number}, of ${dateOf(time)}`;
}
