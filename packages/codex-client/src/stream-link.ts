import { TRPCClientError } from "@trpc/client";
import type { Operation, OperationLink, TRPCClientRuntime, TRPCLink } from "@trpc/client";
import type { Observer } from "@trpc/server/observable";
import { observable } from "@trpc/server/observable";
import { backoffMs, pause } from "./backoff.ts";
import type { CodexError } from "@codex/sdk/errors";
import { causeOf, toCallError } from "./call-error.ts";
import { connect } from "./connection.ts";
import type { Envelope } from "./connection.ts";
import { eventSourceOf } from "./event-source.ts";
import { GatewayError } from "./gateway.ts";
import type { AppRouter, StreamTicket } from "./generated/router.ts";
import type { Resolved } from "./settings.ts";
import { StreamPosition } from "./stream-position.ts";

/** Gives a ticket for one connection. */
export type TicketSource = (signal: AbortSignal) => Promise<StreamTicket>;

interface Stream {
  readonly runtime: TRPCClientRuntime;
  readonly op: Operation;
  readonly next: Parameters<OperationLink<AppRouter>>[0]["next"];
  readonly observer: Observer<Envelope, TRPCClientError<AppRouter>>;
  readonly settings: Resolved;
  readonly ticket: TicketSource;
  /** Ends it: nobody listens any more. */
  readonly signal: AbortSignal;
}

/**
 * A stream that comes back: a ticket of its own for each connection, on from the last event that it gave. An
 * EventSource by itself would come back with the ticket that is used up, so it is not left to it.
 */
export function streamLink(settings: Resolved, ticket: TicketSource): TRPCLink<AppRouter> {
  return (runtime) =>
    ({ op, next }) =>
      observable((observer) => {
        const controller = new AbortController();
        const signals = [controller.signal, ...(op.signal ? [op.signal] : [])];
        const signal = AbortSignal.any(signals);
        void follow({ runtime, op, next, observer, settings, ticket, signal });
        return () => controller.abort();
      });
}

/** Connects, again and again, until nobody listens or the API says that it is of no use. */
async function follow(stream: Stream): Promise<void> {
  const { observer, op, settings, signal } = stream;
  const { delays } = settings;
  const position = new StreamPosition(op.input);
  let tries = 0;
  let wasEverOpen = false;
  observer.next({ result: { type: "state", state: "connecting", error: null } });
  while (!signal.aborted) {
    const { failure, wasOpen, isOfTicket = false } = await once(stream, position);
    if (signal.aborted || failure === undefined) break;
    wasEverOpen ||= wasOpen;
    if (isFinal(toCallError(failure), { isOfTicket, wasEverOpen })) {
      observer.error(TRPCClientError.from(failure));
      return;
    }
    observer.next({
      result: { type: "state", state: "connecting", error: TRPCClientError.from(failure) },
    });
    tries = wasOpen ? 1 : tries + 1;
    await pause(backoffMs(tries, { firstMs: delays.streamMs, maxMs: delays.maxMs }), signal);
  }
  observer.next({ result: { type: "stopped" } });
  observer.next({ result: { type: "state", state: "idle", error: null } });
  observer.complete();
}

/** How a connection ended; without a failure it was meant to. */
interface Ended {
  readonly failure?: Error;
  /** Whether it had been one. */
  readonly wasOpen: boolean;
  /** Whether it failed before there was a ticket, by which the API says who may have a stream. */
  readonly isOfTicket?: boolean;
}

/** One ticket and the connection that it opens. */
async function once(stream: Stream, position: StreamPosition): Promise<Ended> {
  const { observer, settings, signal } = stream;
  let wasOpen = false;
  let isOfTicket = true;
  try {
    const EventSource = eventSourceOf(settings.EventSource);
    const { ticket, after } = await stream.ticket(signal);
    isOfTicket = false;
    position.begin(after);
    const { trpcUrl: url, timeoutMs } = settings;
    const failure = await connect(
      { ...stream, url, timeoutMs, ticket, EventSource, input: position.input },
      {
        heard: (envelope) => {
          const { result } = envelope;
          if (result.type === "state" && result.state === "pending") wasOpen = true;
          const isEvent = result.type === undefined || result.type === "data";
          if (!isEvent || position.take(result.id, result.data)) observer.next(envelope);
        },
        reached: (id) => position.reach(id),
      },
    );
    return failure === undefined ? { wasOpen } : { failure, wasOpen };
  } catch (error) {
    return { failure: toCallError(error), wasOpen, isOfTicket };
  }
}

// Whatever else there is will be over some time: the stream waits for it.
const final: ReadonlySet<string> = new Set([
  "Unauthenticated",
  "Forbidden",
  "NotFound",
  "InvalidInput",
  "MissingContext",
  "Conflict",
  "Aborted",
]);

function isFinal(
  { code, cause }: CodexError,
  { isOfTicket, wasEverOpen }: { isOfTicket: boolean; wasEverOpen: boolean },
): boolean {
  // A ticket that is used up or too old says nothing of who has it: the next one does.
  if (code === "Unauthenticated") return isOfTicket;
  // Where the API has answered, a page of a balancer's in its place, 404 too, is one of a deploy.
  if (wasEverOpen && causeOf(cause) instanceof GatewayError) return false;
  return final.has(code);
}
