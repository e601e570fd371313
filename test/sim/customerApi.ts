import type { Signature } from "../../src/protocol";
import { fromJson, toJson } from "../../src/protocol/json";
import type { ServiceApi, SignedState } from "../../src/sdk";
import type { Life } from "./life";
import type { Network } from "./network";
import type { Question, System } from "./system";

/** Who stands between a wallet and the network. */
interface Between {
  /** Told of each state that is about to leave. */
  readonly sending: (request: SignedState) => void;
  /** Told of the user's signature on each state that is to outdate all others (S7). */
  readonly agreeing: (signature: Signature) => void;
  /** Decides what is heard of a question that has arrived; `ask` puts it to the service. */
  readonly asking: (
    name: string,
    request: unknown,
    ask: () => Promise<unknown> | undefined,
  ) => Promise<unknown> | undefined;
}

/** The service as a wallet reaches it: what they say to each other is copied, as by a network. */
export function apiOver(
  network: Network,
  system: System,
  life: Life,
  { sending, agreeing, asking }: Between,
): ServiceApi {
  const ask = <T>(name: Question, request: unknown): Promise<T> => {
    const text = toJson([request]);
    const deliver = (): Promise<T> | undefined => {
      const [sent] = fromJson(text) as [never];
      const answer = asking(name, sent, () => system.ask(name, sent));
      return answer?.then((value) => (value === undefined ? undefined : fromJson(toJson(value))) as T);
    };
    return network.call(life, `${life.name} ${name}`, deliver);
  };
  return {
    submitState: (request) => {
      sending(request);
      return ask("submitState", request);
    },
    withdraw: (request) => ask("withdraw", request),
    closeCooperatively: (request) => ask("closeCooperatively", request),
    channel: (id) => ask("channel", id),
    latestNote: (id) => ask("latestNote", id),
    reveal: (preimage) => ask("reveal", preimage),
    lockOutcomes: (id) => ask("lockOutcomes", id),
    resynchronisation: {
      outset: (id, shown) => ask("outset", { id, shown }),
      complete: (agreement) => {
        agreeing(agreement.signature);
        return ask("complete", agreement);
      },
    },
    ...(system.isOneOfSeveral && {
      routes: {
        find: (id, order) => ask("findRoute", { id, order }),
        send: (id, order, route) => ask("sendRoute", { id, order, route }),
      },
    }),
  };
}
