import {
  AbiCoder,
  TypedDataEncoder,
  ZeroHash,
  keccak256,
  type Signer,
  type TypedDataDomain,
  type TypedDataField,
} from "ethers";

/**
 * The protocol's messages hashed and signed by ethers alone, so that the contract tests do not depend on the library that
 * the project itself uses.
 */
export const TYPES = {
  State: fields(
    "bytes32 channelId,uint64 version,int128 net,uint64 noteSeq,uint128 noteCredited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo",
  ),
  Note: fields(
    "bytes32 channelId,uint64 seq,uint128 credited,uint128 locked,uint64 locksExpiry,bytes32 locksRoot,bytes32 memo",
  ),
  Withdrawal: fields("bytes32 channelId,uint128 withdrawn,uint128 reclaimed,address recipient,uint64 deadline"),
  Closing: fields("bytes32 channelId,int128 net,uint64 deadline"),
  Close: fields("bytes32 channelId,address party,bytes32 stateHash,bytes32 noteHash,bool humble,uint64 deadline"),
  Appointment: fields("bytes32 channelId,address party,address tower,uint16 shareBps,uint64 until"),
  Batch: fields("bytes32 root"),
} as const;

export type Kind = keyof typeof TYPES;

export interface StateMessage {
  version: bigint;
  net: bigint;
  noteSeq: bigint;
  noteCredited: bigint;
  locked: bigint;
  locksExpiry: bigint;
  locksRoot: string;
  memo: string;
}

export interface NoteMessage {
  seq: bigint;
  credited: bigint;
  locked: bigint;
  locksExpiry: bigint;
  locksRoot: string;
  memo: string;
}

/** A state with everything zero but what is given. */
export function state(values: Partial<StateMessage> = {}): StateMessage {
  return {
    version: 0n,
    net: 0n,
    noteSeq: 0n,
    noteCredited: 0n,
    locked: 0n,
    locksExpiry: 0n,
    locksRoot: ZeroHash,
    memo: ZeroHash,
    ...values,
  };
}

/** A note with everything zero but what is given. */
export function note(values: Partial<NoteMessage> = {}): NoteMessage {
  return { seq: 0n, credited: 0n, locked: 0n, locksExpiry: 0n, locksRoot: ZeroHash, memo: ZeroHash, ...values };
}

/** `keccak256(abi.encode(system, user, token, epoch))`. */
export function channelId(system: string, user: string, token: string, epoch: bigint): string {
  const types = ["address", "address", "address", "uint256"];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, [system, user, token, epoch]));
}

/** The EIP-712 struct hash of a message. */
export function structHash(kind: Kind, message: object): string {
  return TypedDataEncoder.hashStruct(kind, { [kind]: TYPES[kind] }, message);
}

export function signMessage(signer: Signer, domain: TypedDataDomain, kind: Kind, message: object): Promise<string> {
  return signer.signTypedData(domain, { [kind]: TYPES[kind] }, message);
}

function fields(list: string): TypedDataField[] {
  return list.split(",").map((field) => {
    const [type, name] = field.split(" ");
    return { type: type as string, name: name as string };
  });
}
