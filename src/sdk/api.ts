import type {
  ChannelId,
  Closing,
  FeeSchedule,
  Hash,
  Lock,
  LockOrder,
  LockOutcome,
  PaidLocks,
  Route,
  RouteOrder,
  Signature,
  State,
  StateOperation,
  SystemSignature,
  Withdrawal,
} from "../protocol";
import type { HeldNote, SignedWithdrawal } from "./store";

/** A channel as S shows it; nothing of it is believed before it is checked. */
export interface ShownChannel {
  /** The latest complete state; undefined before the first. */
  readonly state:
    { readonly state: State; readonly userSignature: Signature; readonly systemSignature: SystemSignature } | undefined;
  /** The locks pending in the state. */
  readonly outgoing: readonly Lock[];
  readonly note: HeldNote | undefined;
  /** Signed, not on the final chain yet. */
  readonly withdrawal: SignedWithdrawal | undefined;
  /** What the account's payments cost. */
  readonly fees: FeeSchedule;
  /** S says that it has lost data: both sides are to begin anew (S7). */
  readonly isLost: boolean;
}

/** What U has of a channel, with all signatures; undefined for none. */
export interface ShownPosition {
  readonly state:
    | {
        readonly state: State;
        readonly outgoing: readonly Lock[];
        readonly userSignature: Signature;
        readonly systemSignature: SystemSignature;
      }
    | undefined;
  readonly note: HeldNote | undefined;
}

/** How both sides begin anew after a loss of data of either (S7). */
export interface ResynchronisationApi {
  /** Resolves with the locks that are paid, every other one has ended unpaid; and with the time of a final block, in Unix seconds. */
  outset(channelId: ChannelId, shown: ShownPosition): Promise<PaidLocks & { readonly time: bigint }>;
  /** Resolves with S's signature on the state; the same bytes once more get the same answer. */
  complete(request: {
    readonly shown: ShownPosition;
    readonly time: bigint;
    readonly proposal: State;
    readonly signature: Signature;
  }): Promise<SystemSignature>;
}

/** A state that U signed, as S is asked to complete it. */
export interface SignedState {
  readonly proposal: State;
  readonly operations: readonly StateOperation[];
  readonly signature: Signature;
}

/** A withdrawal that U signed and, where it costs something, the state that pays for it. */
export interface WithdrawalRequest {
  readonly withdrawal: Withdrawal;
  readonly signature: Signature;
  readonly payment?: SignedState | undefined;
}

/** S's signatures on both. */
export interface WithdrawalAnswer {
  readonly systemSignature: Signature;
  readonly payment?: SystemSignature | undefined;
}

/** The way to accounts of other systems of one service (section 8). */
export interface RoutesApi {
  /** Resolves with what a payer is to lock for its system's router so that the order is carried out, signed by the system. */
  find(channelId: ChannelId, order: RouteOrder): Promise<Route>;
  /** Has what was locked by a route sent on; once more changes nothing. */
  send(channelId: ChannelId, order: LockOrder, route: Route): Promise<void>;
}

/** What a wallet asks of the service, whatever carries it. Nothing that comes back is believed unchecked. */
export interface ServiceApi {
  /** Resolves with S's signature on the state; the same bytes once more get the same answer. */
  submitState(request: SignedState): Promise<SystemSignature>;
  /** Resolves with S's signatures on the withdrawal and on the state that pays for it. */
  withdraw(request: WithdrawalRequest): Promise<WithdrawalAnswer>;
  /** Resolves with S's signature on the cooperative closing. */
  closeCooperatively(request: { readonly closing: Closing; readonly signature: Signature }): Promise<Signature>;
  /** The channel with its latest complete state. */
  channel(channelId: ChannelId): Promise<ShownChannel>;
  /** The latest note for a channel, if there is any. */
  latestNote(channelId: ChannelId): Promise<HeldNote | undefined>;
  /** Gives S a preimage; resolves when the note that credits it is issued. */
  reveal(preimage: Hash): Promise<void>;
  /** How the locks that a channel pays by have ended. */
  lockOutcomes(channelId: ChannelId): Promise<readonly LockOutcome[]>;
  /** Missing where the service cannot be asked to begin anew. */
  readonly resynchronisation?: ResynchronisationApi;
  /** Missing where nobody but this system's accounts can be paid. */
  readonly routes?: RoutesApi;
}

/** The preimage registry on chain, as the user's own node shows and sends to it. */
export interface Registrar {
  /** Registers preimages; resolves when they are mined. */
  register(preimages: readonly Hash[]): Promise<void>;
  /** Unix seconds of the final block that first showed the preimage of `hash`. */
  registeredAt(hash: Hash): Promise<bigint | undefined>;
}
