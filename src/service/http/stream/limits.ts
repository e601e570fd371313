/** What one process takes on for its stream's clients. */
export interface StreamLimits {
  readonly connections: number;
  /** Of one key or user, or of one address where nobody says who it is. */
  readonly connectionsPerCaller: number;
  /** Of one connection. */
  readonly subscriptions: number;
  /** Calls of one connection that are under way; no more is read from it meanwhile. */
  readonly calls: number;
  /** Bytes of one message that comes in. */
  readonly messageSize: number;
  /** Bytes that wait for one client to read them; then nothing more is sent to it, or read from it, until it has. */
  readonly buffered: number;
  /** Milliseconds between two pings; who has shown no sign of life from one to the next is dropped. */
  readonly heartbeat: number;
  /** Milliseconds that a connection may live without a subscription and without asking for anything. */
  readonly idle: number;
}

export const STREAM_LIMITS: StreamLimits = {
  connections: 10_000,
  connectionsPerCaller: 500,
  subscriptions: 100,
  calls: 32,
  messageSize: 2 ** 19,
  buffered: 2 ** 20,
  heartbeat: 20_000,
  idle: 300_000,
};
