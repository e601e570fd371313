import pLimit from "p-limit";

import type { ChannelId, DisputeRecord } from "../../../src/protocol";
import { settleCall } from "../../../src/sdk/chain/disputeCalls";
import { IERC20__factory } from "../../../typechain-types";
import { payoutOf, type Accused } from "./accused";
import type { Court } from "./court";

const AT_ONCE = 32;

/** What everybody got in the end. */
export interface Settled {
  readonly penaltiesPaid: number;
  /** Users who got another sum than the protocol says, and the tower if it did. */
  readonly mismatches: number;
}

/**
 * Settles every channel once that is possible, and compares what was paid with what the protocol says.
 * @param share of a forfeit that the tower was promised, in hundredths of a per cent
 */
export async function settleAll(
  court: Court,
  users: readonly Accused[],
  records: ReadonlyMap<ChannelId, DisputeRecord>,
  { tower, share, wait }: { readonly tower: string; readonly share: bigint; readonly wait: bigint },
): Promise<Settled> {
  await court.node.provider.send("evm_setAutomine", [true]);
  await court.node.pass(wait);
  const coin = IERC20__factory.connect(court.token, court.node.provider);
  let [penaltiesPaid, mismatches, rewards] = [0, 0, 0n];
  const limit = pLimit(AT_ONCE);
  const settleOne = async (one: Accused): Promise<void> => {
    const { key, id } = one.party;
    const { logs } = await court.hub.send(settleCall(court.hub.address, key, records.get(id)!, one.standing.state));
    const penalised = logs.some((log) => court.contract.interface.parseLog(log)?.name === "SystemPenalised");
    const { toUser, toTower } = payoutOf(one, share);
    if (penalised) penaltiesPaid += 1;
    rewards += toTower;
    if ((await coin.balanceOf(key.user)) !== toUser) mismatches += 1;
  };
  await Promise.all(users.map((one) => limit(() => settleOne(one))));
  if ((await coin.balanceOf(tower)) !== rewards) mismatches += 1;
  return { penaltiesPaid, mismatches };
}
