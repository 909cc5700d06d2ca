import type { httpLink } from "@trpc/client";
import type { Resolved } from "./settings.ts";

type LinkFetch = NonNullable<Parameters<typeof httpLink>[0]["fetch"]>;

/** An answer that is not the API's: a balancer in front of it, or another server altogether. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor({ status, headers }: Response) {
    super(`HTTP ${status}, and not of the API`);
    this.status = status;
    this.retryAfterMs = retryAfterMs(headers);
  }

  /** Whether it may be gone in a moment. */
  get isPassing(): boolean {
    return this.status === 429 || this.status >= 500;
  }

  /** Whether the API may have had the request. */
  get mayHaveArrived(): boolean {
    return this.status >= 500 && this.status !== 503;
  }
}

/** `fetch` with an end, and with an error for what is no answer of the API. */
export function gatewayFetch({ fetch, timeoutMs }: Resolved): LinkFetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const { signal: given, ...rest } = (init ?? {}) as RequestInit; // tRPC's type allows for what is unset
    const signal = given ? AbortSignal.any([given, timeout]) : timeout;
    const response = await fetch(input, { ...rest, signal });
    if (!(await isOfApi(response))) {
      // Or its connection would stay taken.
      await response.body?.cancel();
      throw new GatewayError(response);
    }
    return response;
  };
}

/** Whether the API says it: others, too, refuse in JSON. */
async function isOfApi(response: Response): Promise<boolean> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/json")) return false;
  if (response.ok) return true;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return Array.isArray(body) || (typeof body === "object" && body !== null && "error" in body);
}

/** How long the server asks to wait; undefined when it does not say. */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after");
  if (text === null) return undefined;
  const seconds = Number(text);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
