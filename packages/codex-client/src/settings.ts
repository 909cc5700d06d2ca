import type { EventSourceConstructor } from "./event-source.ts";

/** Where the API is, and who calls. */
export interface CodexClientSettings {
  /** Address of the API, without `/trpc`: `https://api.example.com`. */
  readonly url: string;
  /** An API key (`cdx_…`); it has a workspace of its own. */
  readonly apiKey?: string | undefined;
  /** A person's token, or what gives one; it is asked before each request, so that it may renew it. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** The workspace of a person's calls; keys have theirs. */
  readonly workspaceId?: string | undefined;
  /** Instead of the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Instead of the global one. Node.js has none: give it that of the package `eventsource`. */
  readonly EventSource?: EventSourceConstructor | undefined;
  /** How often a call is tried again; 4. */
  readonly retriesMax?: number | undefined;
  /** Whole milliseconds that one try of a call may take, and a stream until it is open, at most 24 days; 30,000. */
  readonly timeoutMs?: number | undefined;
  /** How long is waited before something is tried again. */
  readonly delays?: Partial<Delays> | undefined;
}

/** Upper bounds in milliseconds; the wait is chosen anew each time, between nothing and the bound. */
export interface Delays {
  /** Before the first retry of a call, doubled for each one after; 200. */
  readonly callMs: number;
  /** Before a stream connects anew, doubled while it fails; 1,000. */
  readonly streamMs: number;
  /** Never more, unless the API asks for more; and when it asks for more than three times this, the call fails; 10,000. */
  readonly maxMs: number;
}

const preset: Delays = { callMs: 200, streamMs: 1_000, maxMs: 10_000 };

/** Settings with nothing left open. */
export interface Resolved {
  readonly trpcUrl: string;
  readonly fetch: typeof globalThis.fetch;
  readonly EventSource: EventSourceConstructor | undefined;
  readonly retriesMax: number;
  readonly timeoutMs: number;
  readonly delays: Delays;
  /** Who calls and where, for one request. */
  readonly headers: () => Promise<Record<string, string>>;
}

// Some 24 days. Timers of Node and of browsers hold no more: beyond it they fire at once.
const timerMax = 2_147_483_647;

/** Throws a sentence for settings that contradict each other, or that nothing can be done with. */
export function resolve(settings: CodexClientSettings): Resolved {
  const { url, apiKey, token, workspaceId } = settings;
  if (!URL.canParse(url)) throw new TypeError("url is no address such as https://api.example.com");
  if (apiKey !== undefined && token !== undefined)
    throw new TypeError("give an apiKey or a token, not both");
  const { timeoutMs = 30_000 } = settings;
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > timerMax)
    throw new TypeError(`timeoutMs is a whole number of milliseconds, 1 to ${timerMax}`);
  return {
    trpcUrl: `${url.replace(/\/+$/u, "")}/trpc`,
    // By its name at each call: whoever replaces the global one later, as tests do, is heard.
    fetch: settings.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    EventSource: settings.EventSource,
    retriesMax: settings.retriesMax ?? 4,
    timeoutMs,
    delays: { ...preset, ...settings.delays },
    headers: async () => {
      const credential = apiKey ?? (typeof token === "function" ? await token() : token);
      return {
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
        ...(workspaceId === undefined ? {} : { "x-codex-workspace": workspaceId }),
      };
    },
  };
}
