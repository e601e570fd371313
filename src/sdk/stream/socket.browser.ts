import type { openSocket as inNode } from "./socket";

export type { Socket, SocketEvents } from "./socket";

/** As in Node, by what the page has. */
export const openSocket: typeof inNode =
  typeof WebSocket === "undefined"
    ? undefined
    : (url, events) => {
        const socket = new WebSocket(url);
        socket.onopen = () => events.onOpen();
        socket.onmessage = ({ data }: MessageEvent<string>) => events.onText(data);
        socket.onclose = ({ code }) => events.onClose(code);
        return { send: (text) => socket.send(text), close: () => socket.close() };
      };
