import {
  createContext,
  use,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from "react";

import { streamApi } from "../../../../src/sdk/stream";
import { SERVICE } from "../../data/service";
import { useAsked } from "../../data/useAsked";
import { newestEvents } from "../developers/newestEvents";
import { useOperator } from "../session/Operator";
import { latencyBetween, type Latency } from "./latency";
import { Live, type Picture } from "./live";
import { readMetrics, type Samples } from "./metricsText";

/** Milliseconds between two looks at the metrics. */
const METRICS = 3_000;

interface Feed {
  readonly live: Live;
  readonly metrics: Samples | undefined;
  /** Of the last time when something was paid. */
  readonly latency: Latency | undefined;
}

const Feed = createContext<Feed | undefined>(undefined);

/** Listens to the system that is looked at as long as it is, whatever page is shown. To be a new one for another system. */
export function FeedProvider({ children }: { readonly children: ReactNode }) {
  const { key, system, may, admin } = useOperator();
  const follows = may("followEvents");
  const [live] = useState(() => new Live());
  const { address } = system;
  const sees = may("seeEvents");
  useEffect(() => {
    const over = new AbortController();
    const begin = async () => {
      const last = (await newestEvents(admin, { system: address })).data[0]?.number ?? 0n;
      const { data } = await newestEvents(admin, { system: address, type: "money.transferred,payment.settled" });
      live.begin(data.filter(({ number }) => number <= last));
      return last;
    };
    const follow = async () => {
      // Without it the list begins empty, and with what comes once the stream has answered.
      const last = sees ? await begin().catch(() => undefined) : undefined;
      const stream = streamApi(SERVICE, { token: () => key, onTrouble: () => live.lose() });
      if (follows && !over.signal.aborted) await live.follow(stream, address, last, over.signal);
    };
    // What refuses for good is shown as not connected.
    follow().catch(() => live.lose());
    return () => over.abort();
  }, [sees, follows, key, admin, live, address]);
  const measured = may("seeMetrics");
  const last = useRef<Samples>(undefined);
  const [latency, setLatency] = useState<Latency>();
  const ask = useCallback(async () => {
    if (!measured) return undefined;
    const now = readMetrics(await admin.metrics());
    const between = last.current && latencyBetween(last.current, now);
    last.current = now;
    if (between !== undefined) setLatency(between);
    return now;
  }, [admin, measured]);
  const { value: metrics } = useAsked(ask, METRICS);
  return <Feed value={{ live, metrics, latency }}>{children}</Feed>;
}

export function useFeed(): Feed {
  return use(Feed)!;
}

/** What the stream tells, as it comes. */
export function usePicture(): Picture {
  const { live } = useFeed();
  return useSyncExternalStore(live.subscribe, live.look);
}
