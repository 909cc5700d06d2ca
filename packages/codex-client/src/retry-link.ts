import { TRPCClientError } from "@trpc/client";
import type { TRPCLink } from "@trpc/client";
import type { Unsubscribable } from "@trpc/server/observable";
import { observable } from "@trpc/server/observable";
import { isCodexError } from "@codex/sdk/errors";
import { backoffMs } from "./backoff.ts";
import { bodyOf, causeOf, withOutcome } from "./call-error.ts";
import { keyOf } from "./call-context.ts";
import { GatewayError, retryAfterMs } from "./gateway.ts";
import type { AppRouter } from "./generated/router.ts";
import type { Resolved } from "./settings.ts";

type Failure = TRPCClientError<AppRouter>;

/** What is to be thought of a failure. */
interface Verdict {
  /** The same may go well later. */
  readonly isPassing: boolean;
  /** The server may have done it. */
  readonly mayBeDone: boolean;
  /** It also tells that no try before was done. */
  readonly settles?: boolean;
  /** What the server asks to wait, in milliseconds. */
  readonly askedMs?: number | undefined;
}

/**
 * Tries a call again when that cannot do anything twice: what the API calls retryable, and failures on the
 * way of queries and of mutations with a key.
 */
export function retryLink({ retriesMax, delays }: Resolved): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) =>
      observable((observer) => {
        const { isSafe, isOurs } = keyOf(op);
        const most =
          typeof op.context["retriesMax"] === "number" ? op.context["retriesMax"] : retriesMax;
        let inner: Unsubscribable | undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        let mayBeDone = false;
        const stop = (): void => {
          clearTimeout(timer);
          inner?.unsubscribe();
          op.signal?.removeEventListener("abort", abort);
        };
        const fail = (failure: Failure, attempts: number): void => {
          stop();
          const isUncertain = op.type === "mutation" && isOurs && mayBeDone;
          observer.error(withOutcome(failure, { attempts, isUncertain }));
        };
        function abort(): void {
          stop();
          observer.error(TRPCClientError.from(new DOMException("aborted", "AbortError")));
        }
        const attempt = (count: number): void => {
          inner = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: (failure) => {
              if (op.signal?.aborted === true) return;
              const verdict = judge(failure);
              mayBeDone = verdict.settles !== true && (mayBeDone || verdict.mayBeDone);
              const waitMs = waitOf(verdict, { count, delays });
              const again = verdict.isPassing && (isSafe || !verdict.mayBeDone);
              if (again && count <= most && waitMs !== undefined)
                timer = setTimeout(() => attempt(count + 1), waitMs);
              else fail(failure, count);
            },
          });
        };
        if (op.signal?.aborted === true) {
          abort();
          return stop;
        }
        // A batch is aborted only when all its calls are; this one is, at once.
        op.signal?.addEventListener("abort", abort);
        attempt(1);
        return stop;
      });
}

// Said before anybody looks whether the key is known.
const atTheDoor: ReadonlySet<string> = new Set(["Unauthenticated", "Forbidden", "Internal"]);

function judge(failure: Failure): Verdict {
  const body = bodyOf(failure);
  if (body !== undefined) {
    const mayBeDone = body.code === "OutcomeUnknown";
    const response = failure.meta?.["response"];
    const askedMs = response instanceof Response ? retryAfterMs(response.headers) : undefined;
    const isPassing = body.retryable || mayBeDone;
    return { isPassing, mayBeDone, settles: !isPassing && !atTheDoor.has(body.code), askedMs };
  }
  const cause = causeOf(failure);
  if (cause instanceof GatewayError)
    return {
      isPassing: cause.isPassing,
      mayBeDone: cause.mayHaveArrived,
      askedMs: cause.retryAfterMs,
    };
  // Of our own making, such as a token that could not be had.
  if (isCodexError(cause)) return { isPassing: cause.retryable, mayBeDone: false };
  return { isPassing: true, mayBeDone: !wasNeverSent(cause) };
}

// Node.js says why there was no connection; browsers do not.
const unsent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

function wasNeverSent(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = (cause.cause ?? {}) as { code?: unknown };
  return typeof code === "string" && unsent.has(code);
}

function waitOf(
  { askedMs = 0 }: Verdict,
  { count, delays }: { count: number; delays: Resolved["delays"] },
): number | undefined {
  if (askedMs > 3 * delays.maxMs) return undefined;
  return askedMs + backoffMs(count, { firstMs: delays.callMs, maxMs: delays.maxMs });
}
