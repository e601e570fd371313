import { Interface, isCallException, isError } from "ethers";

import { StarledgerError } from "../errors";
import { ChannelHub__factory, HubBooks__factory } from "../../typechain-types";

/** The errors of both halves of the hub. */
const HUB_ERRORS = new Interface(
  [...ChannelHub__factory.abi, ...HubBooks__factory.abi].filter(({ type }) => type === "error"),
);

/** How ethers names a node that is not there, or answers nonsense. */
const NODE_ERRORS = [
  "NETWORK_ERROR",
  "SERVER_ERROR",
  "TIMEOUT",
  "UNKNOWN_ERROR",
  "BAD_DATA",
  "ECONNREFUSED",
  "ECONNRESET",
];

/** What a node or the hub answered, as one of the project's own errors; any other error as it is. */
function asChainError(error: unknown): Error {
  if (isCallException(error)) {
    const known = error.data === null ? null : HUB_ERRORS.parseError(error.data);
    const details: Record<string, string> = known
      ? { error: known.name, arguments: known.args.map(String).join(" ") }
      : { reason: error.shortMessage };
    return new StarledgerError("transaction_failed", details);
  }
  if (isError(error, "INSUFFICIENT_FUNDS")) {
    return new StarledgerError("transaction_failed", { reason: "the account cannot pay for gas and value" });
  }
  const { code, message } = error as { code?: unknown; message: string };
  if (NODE_ERRORS.includes(String(code))) return new StarledgerError("chain_unreachable", { reason: message });
  return error as Error;
}

/** An answer of the node; a failure as one of the project's own errors. */
export async function answered<T>(asking: Promise<T>): Promise<T> {
  try {
    return await asking;
  } catch (error) {
    throw asChainError(error);
  }
}
