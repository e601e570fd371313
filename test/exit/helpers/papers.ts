import {
  digest,
  domainSeparator,
  hashClose,
  hashNote,
  hashState,
  keccakText,
  sign,
  toAddress,
  type ChannelKey,
  type Close,
  type Hash,
  type Hex,
  type Note,
  type Signature,
  type State,
} from "../../../src/protocol";
import type { World } from "../../../scripts/demo/world";

const SIGNER_KEY = keccakText("starledger demo signer") as Hex;

/** The channel of the node's account `index` in the world's coin. */
export async function channelAt(world: World, index: number): Promise<ChannelKey> {
  return {
    system: world.system,
    user: toAddress(world.node.account(index).address),
    token: toAddress(await world.coin.getAddress()),
    epoch: 0n,
  };
}

/** How many transactions the account has sent. */
export function transactionCount(world: World, index: number): Promise<number> {
  return world.node.provider.getTransactionCount(world.node.account(index).address);
}

/** A state with both signatures, however untrue. */
export async function signedState(world: World, index: number, state: State) {
  const signed = digest(await separator(world), hashState(state));
  return {
    state,
    userSignature: sign(signed, world.node.privateKey(index) as Hex),
    systemSignature: { signature: sign(signed, SIGNER_KEY), proof: [] },
  };
}

/** A note with the system's signature. */
export async function signedNote(world: World, note: Note) {
  return { note, signed: { signature: sign(digest(await separator(world), hashNote(note)), SIGNER_KEY), proof: [] } };
}

/** The system's signature on a close. */
export async function signedClose(world: World, close: Close): Promise<Signature> {
  return sign(digest(await separator(world), hashClose(close)), SIGNER_KEY);
}

async function separator(world: World): Promise<Hash> {
  return domainSeparator({ chainId: (await world.node.provider.getNetwork()).chainId, hub: world.hub.address });
}
