import { WebSocket, type RawData } from "ws";

/** What becomes of a connection. */
export interface SocketEvents {
  onOpen(): void;
  onText(text: string): void;
  /** Once, whatever it ends with; 1006 without a reason of the other side's. */
  onClose(code: number): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

/** Opens a WebSocket; there is one everywhere but in some pages. */
export const openSocket: ((url: string, events: SocketEvents) => Socket) | undefined = (url, events) => {
  const socket = new WebSocket(url);
  socket.on("open", () => events.onOpen());
  socket.on("message", (data: RawData) => events.onText((data as Buffer).toString()));
  // What ends with an error closes.
  socket.on("error", () => undefined);
  socket.once("close", (code) => events.onClose(code));
  return { send: (text) => socket.send(text), close: () => socket.close() };
};
