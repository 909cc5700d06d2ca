import { CodexError } from "@codex/sdk/errors";

/** As much of an EventSource as a stream needs: a browser's, or that of the package `eventsource`. */
export type EventSourceConstructor = new (url: string) => {
  readonly CLOSED: number;
  readonly CONNECTING: number;
  readonly OPEN: number;
  readonly readyState: number;
  addEventListener(type: string, listener: (event: object) => void): void;
  removeEventListener(type: string, listener: (event: object) => void): void;
  close(): void;
};

/** The one given, or the runtime's. Throws InvalidInput with what to install. */
export function eventSourceOf(given: EventSourceConstructor | undefined): EventSourceConstructor {
  const { EventSource: native } = globalThis as { EventSource?: EventSourceConstructor }; // not in all runtimes
  const found = given ?? native;
  if (found !== undefined) return found;
  throw new CodexError(
    "InvalidInput",
    'this runtime has no EventSource: install the package "eventsource" and give its EventSource to createCodexClient',
  );
}
