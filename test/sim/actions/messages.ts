import type { Action } from "./action";
import type { World } from "../world";

const hasMessages = (often: number) => (world: World) => (world.stage.network.size > 0 ? often : 0);

/** What becomes of what is on its way. */
export const MESSAGES = {
  deliver: {
    weight: hasMessages(60),
    perform: ({ stage: { network } }, random) => {
      const message = network.take(random);
      message?.deliver();
      return message?.label ?? "";
    },
  },
  deliverMany: {
    weight: hasMessages(8),
    perform: ({ stage: { network } }, random) => {
      const messages = Array.from({ length: random.between(2, 12) }, () => network.take(random));
      for (const message of messages) message?.deliver();
      return messages.map((message) => message?.label ?? "").join(", ");
    },
  },
  drop: { weight: hasMessages(3), perform: ({ stage: { network } }, random) => network.take(random)?.label ?? "" },
  repeat: {
    weight: hasMessages(4),
    perform: ({ stage: { network } }, random) => {
      const message = network.any(random);
      message?.deliver();
      return message?.label ?? "";
    },
  },
  timeOut: {
    // Of two systems more often one is not there to answer.
    weight: ({ stage: { network }, systems }) => (network.isAwaited ? 4 * systems.length ** 2 : 0),
    perform: ({ stage: { network } }, random) => network.timeOut(random) ?? "",
  },
} as const satisfies Record<string, Action>;
