import { fail } from "../../src/errors";
import { hashWithdrawal, type ChannelId } from "../../src/protocol";
import type { ServiceApi, ShownChannel, ShownPosition } from "../../src/sdk";
import type { AccountService } from "../../src/service";

/** The service as wallets of the same process reach it. */
export function inProcess(service: AccountService): ServiceApi {
  return {
    submitState: async (request) => (await service.submit({ type: "submitState", ...request })).state!,
    withdraw: async (request) => {
      const { consent, state } = await service.submit({ type: "withdraw", ...request });
      return { systemSignature: consent!, payment: state };
    },
    closeCooperatively: async (request) => (await service.submit({ type: "closeCooperatively", ...request })).consent!,
    channel: (id) => shownBy(service, id),
    latestNote: (id) => service.latestNote(id),
    reveal: async (preimage) => {
      await service.submit({ type: "reveal", preimage });
    },
    lockOutcomes: (id) => Promise.resolve(service.lockOutcomes(id)),
    resynchronisation: {
      outset: (id, shown) => service.outset(id, positionOf(shown)),
      complete: async ({ shown, ...agreed }) => {
        const request = { type: "resynchronise", shown: positionOf(shown), ...agreed } as const;
        return (await service.submit(request)).state!;
      },
    },
  };
}

function positionOf({ state, note }: ShownPosition) {
  return { state: state ?? null, note: note ?? null };
}

async function shownBy(service: AccountService, id: ChannelId): Promise<ShownChannel> {
  const channel = service.channel(id) ?? fail("unknown_channel", { channel: id });
  const { state, outgoing, pending, freeze } = channel;
  const fees = service.feesFor(channel);
  const [complete, note, consent] = await Promise.all([
    service.signatures.completeState(id, state.version),
    service.latestNote(id),
    pending && service.signatures.consent(hashWithdrawal(pending)),
  ]);
  const withdrawal = pending && consent ? { withdrawal: pending, ...consent } : undefined;
  return { state: complete, outgoing, note, withdrawal, fees, isLost: (freeze?.lost ?? null) !== null };
}
