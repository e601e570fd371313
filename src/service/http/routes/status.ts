import type { Address } from "../../../protocol";
import type { Leadership } from "../../../store";
import * as wire from "../../../wire";
import type { Api } from "../api";
import { NOTHING } from "../auth";

/** For whoever runs the service: more than whether it is ready. */
export function statusRoutes({ app, services, sides, store }: Api): void {
  app.get(
    "/v1/status",
    {
      config: { access: "service:read", concerns: NOTHING },
      schema: {
        summary: "How far the process that answers has come, and all systems, whoever leads them",
        response: { 200: wire.progress },
      },
    },
    async () => {
      const leaderships = await store.candidates.leaderships();
      const statusOf = async (address: Address) => {
        const lease = leaderships.find(({ system }) => system === address);
        const service = services.find(address);
        const led = service && {
          ...service.status,
          resynchronising: service.resynchronising,
          chain: sides.get(service)?.status ?? null,
        };
        const leader = lease?.url ?? null;
        return { address, leader, ...(led ?? (await statusElsewhere(address, lease))) };
      };
      const systems = await Promise.all(services.systems.map(statusOf));
      return { uptimeSeconds: Math.floor(process.uptime()), systems };
    },
  );

  /** What the store says of a system that is not led here. */
  async function statusElsewhere(system: Address, lease: Leadership | undefined) {
    const [lastCommit, accounts] = [await store.lastCommit(system), await store.ledger.accountCount(system)];
    return {
      leads: false,
      term: lease?.term ?? 0n,
      lastCommit,
      accounts,
      waiting: null,
      queueLimit: null,
      resynchronising: null,
      chain: null,
    };
  }
}
