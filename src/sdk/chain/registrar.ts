import type { Address, Hash } from "../../protocol";
import type { Registrar } from "../api";
import type { Signer } from "../signers";
import { REGISTRY } from "./abi";
import { registerCall } from "./calls";
import type { ChainNode } from "./chainNode";
import { number } from "./hub";

/** The preimage registry by the user's own node; its transactions are the user's. */
export function registrarOf(registry: Address, node: ChainNode, signer: Signer): Registrar {
  return {
    register: async (preimages) => {
      await node.mined(await signer.send(registerCall(registry, preimages), node));
    },
    registeredAt: async (hash: Hash) => {
      const call = { to: registry, abi: REGISTRY, name: "revealedAt", inputs: [hash] };
      const time = number(await node.read(call, "finalized"));
      return time === 0n ? undefined : time;
    },
  };
}
