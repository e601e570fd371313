import { channelId, type Address, type Domain } from "../../src/protocol";
import { fromJson, toJson } from "../../src/protocol/json";
import type { TowerApi } from "../../src/sdk/watchtower";
import type { Life } from "./life";
import type { Network } from "./network";
import { SHARE, type Watchtower } from "./watchtower";

/** A watchtower as a user reaches it: what they say to each other is copied, as by a network. */
export function towerApiOver(network: Network, tower: Watchtower, life: Life, user: Address, domain: Domain): TowerApi {
  const call = <T>(label: string, request: unknown, ask: (sent: never) => Promise<T> | undefined): Promise<T> => {
    const text = toJson([request]);
    return network.call(life, `${life.name} ${label}`, () => {
      const [sent] = fromJson(text) as [never];
      return ask(sent)?.then((answer) => fromJson(toJson(answer)) as T);
    });
  };
  const chains = [{ chainId: domain.chainId, hubs: [domain.hub], tower: tower.address, systems: null }];
  return {
    url: "tower",
    terms: () => Promise.resolve({ chains, leastShareBps: SHARE, channels: 10 }),
    handOver: (_, papers, appointment) =>
      call("hands over", { papers, appointment }, (sent: { papers: typeof papers; appointment?: typeof appointment }) =>
        tower.take(channelId(papers.key), sent.papers, sent.appointment),
      ),
    report: (_, id) => call("asks its tower", null, () => tower.report(id, user)),
  };
}
