import { httpSubscriptionLink, TRPCClientError } from "@trpc/client";
import type { Operation, OperationLink, TRPCClientRuntime } from "@trpc/client";
import type { Observable } from "@trpc/server/observable";
import type { EventSourceConstructor } from "./event-source.ts";
import type { AppRouter } from "./generated/router.ts";

type Results = ReturnType<OperationLink<AppRouter>>;
/** What a link passes on of a stream: its events, and how its connection is. */
export type Envelope = Results extends Observable<infer Value, unknown> ? Value : never;

interface Connection {
  readonly url: string;
  readonly ticket: string;
  readonly EventSource: EventSourceConstructor;
  readonly input: unknown;
  readonly runtime: TRPCClientRuntime;
  readonly op: Operation;
  readonly next: Parameters<OperationLink<AppRouter>>[0]["next"];
  readonly signal: AbortSignal;
  /** Milliseconds until it has to be open. */
  readonly timeoutMs: number;
}

/** Who is told of a connection. */
interface Listener {
  readonly heard: (envelope: Envelope) => void;
  /** Up to which number there was nothing else: a stream of few types hears of it by nothing else. */
  readonly reached: (id: unknown) => void;
}

/**
 * One connection by tRPC's own link, until it is lost, fails, does not open in time or is stopped. Gives why;
 * undefined when it was stopped by either side.
 */
export async function connect(
  { url, ticket, EventSource, input, runtime, op, next, signal, timeoutMs }: Connection,
  { heard, reached }: Listener,
): Promise<TRPCClientError<AppRouter> | undefined> {
  const link = httpSubscriptionLink<AppRouter, EventSourceConstructor>({
    url,
    EventSource,
    connectionParams: { ticket },
  });
  return new Promise((done, broken) => {
    let isOver = false;
    // Only one that is open knows after how much silence it is to be given up: a balancer may take it, and say nothing.
    const timer = setTimeout(() => {
      end(TRPCClientError.from(new DOMException("the stream did not open", "TimeoutError")));
    }, timeoutMs);
    const subscription = link(runtime)({ op: { ...op, input, signal }, next }).subscribe({
      next: (envelope) => {
        try {
          const { result } = envelope;
          if (result.type !== "state") {
            if (result.type === "started")
              hearPings(envelope, (id) => {
                if (!isOver) reached(id);
              });
            if (result.type !== "stopped") heard(envelope);
          } else if (result.state === "pending") {
            clearTimeout(timer);
            heard(envelope);
          }
          // It would connect again, with the same ticket.
          else if (result.error !== null) end(result.error);
        } catch (error) {
          clearTimeout(timer);
          isOver = true;
          broken(error);
          subscription.unsubscribe();
        }
      },
      error: end,
      complete: () => end(undefined),
    });
    function end(failure: TRPCClientError<AppRouter> | undefined): void {
      clearTimeout(timer);
      isOver = true;
      done(failure);
      // tRPC's link may call while it is being subscribed to.
      queueMicrotask(() => subscription.unsubscribe());
    }
  });
}

/** Tells of each ping when what came ahead of it has been given: that takes no longer than until the next task. */
function hearPings({ context }: Envelope, told: (id: unknown) => void): void {
  const { eventSource } = context as { eventSource: InstanceType<EventSourceConstructor> }; // tRPC's link gives it
  eventSource.addEventListener("ping", (ping) => {
    const { lastEventId } = ping as { lastEventId?: unknown }; // a MessageEvent
    setTimeout(() => told(lastEventId));
  });
}
