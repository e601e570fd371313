export { streamApi, type ChannelNews, type StreamApi, type StreamedEvents, type StreamOptions } from "./streamApi";
