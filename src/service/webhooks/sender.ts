import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";

import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from "request-filtering-agent";

/** Characters of an answer that are kept. */
const KEPT = 512;

/** What came back. */
export interface Answer {
  /** Of HTTP; null where there was no answer. */
  readonly status: number | null;
  /** The answer's beginning, or why there was none. */
  readonly response: string;
}

/** Posts to addresses that customers name. Redirections are not followed: they would lead around every check. */
export class Sender {
  private readonly agents;

  /** @param isAnyTarget whether private addresses and plain HTTP will do */
  constructor(private readonly isAnyTarget: boolean) {
    // What a name resolves to is checked as it is connected to, so that it cannot resolve to something else by then.
    const options = {
      keepAlive: true,
      allowPrivateIPAddress: isAnyTarget,
      allowMetaIPAddress: isAnyTarget,
      maxFreeSockets: 64,
    };
    this.agents = { http: new RequestFilteringHttpAgent(options), https: new RequestFilteringHttpsAgent(options) };
  }

  /** Why nothing may be sent to `url`; undefined if it may, as far as can be said before its name is resolved. */
  objection(url: string): string | undefined {
    const { protocol, username, password } = new URL(url);
    if (username !== "" || password !== "") return "no user and password";
    return protocol === "https:" || (protocol === "http:" && this.isAnyTarget) ? undefined : "https only";
  }

  /** Resolves whatever happens. */
  async post(url: string, head: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Answer> {
    try {
      const response = await this.answerTo(url, head, body, signal);
      return { status: response.statusCode!, response: await beginningOf(response) };
    } catch (error) {
      return { status: null, response: reasonOf(error, signal) };
    }
  }

  close(): void {
    this.agents.http.destroy();
    this.agents.https.destroy();
  }

  private answerTo(url: string, head: object, body: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const objection = this.objection(url);
      if (objection !== undefined) throw new Error(objection);
      const headers = { ...head, "content-type": "application/json", "user-agent": "Starledger-Webhooks/1" };
      const options = { method: "POST", headers, signal };
      const request = url.startsWith("https:")
        ? requestHttps(url, { ...options, agent: this.agents.https }, resolve)
        : requestHttp(url, { ...options, agent: this.agents.http }, resolve);
      request.on("error", reject).end(body);
    });
  }
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  let text = "";
  response.setEncoding("utf8");
  for await (const chunk of response) {
    text += chunk as string;
    // Leaving the loop ends the connection: nobody makes us read on.
    if (text.length > KEPT) break;
  }
  // PostgreSQL's text holds no zero bytes.
  return text.slice(0, KEPT).replaceAll("\0", "");
}

/** Says nothing of addresses inside: whoever lists deliveries may be somebody else. */
function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "no answer in time";
  const { code, message } = error as NodeJS.ErrnoException;
  if (/is not allowed/.test(message)) return "the address is private";
  return code ?? message;
}
