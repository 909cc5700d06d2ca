import type { Codex, Execution, StreamHolder } from "@codex/sdk";
import { CodexError, invalidInput } from "@codex/sdk/errors";
import { alertEventTypes, parse } from "@codex/sdk/schemas";
import type { IncomingMessage } from "node:http";
import type { Admission, Arrival } from "../admission.ts";
import { Refusal, retryAfterOf, statusOf, toCodexError, trpcShapeOf } from "../errors.ts";
import { fail } from "../http/answer.ts";
import { parseJson } from "../http/body.ts";
import { requireShort } from "../http/url.ts";
import { costOf } from "../procedures.ts";
import { InboxStream } from "../realtime/inbox-stream.ts";
import type { StreamAsked, Streams } from "../realtime/streams.ts";
import { WatchStream } from "../realtime/watch-stream.ts";
import { errorFrame, streamHeaders } from "../realtime/wire.ts";
import { alertStreamInput } from "../routers/alerts.ts";
import { streamInput } from "../routers/events.ts";
import { watchInput } from "../routers/executions.ts";
import { inboxStreamInput } from "../routers/notifications.ts";
import { resumeAfter } from "../routers/stream-input.ts";
import type { Position } from "../routers/stream-input.ts";

interface StreamDoorParts {
  readonly codex: Codex;
  readonly streams: Streams;
  readonly admission: Admission;
}

/** What a stream is asked for by: where it goes on, and what single ones know besides. */
interface Asked extends Position {
  readonly types?: readonly string[] | undefined;
  readonly id?: string | undefined;
}

/** A stream: what asks for it, and what it is when that is not every event. */
interface StreamKind {
  readonly name: string;
  readonly scope: string;
  readonly read: (input: unknown) => Asked | undefined;
  readonly types?: readonly string[];
  readonly make?: (opening: Opening) => StreamMaker | Promise<StreamMaker>;
}

type StreamMaker = NonNullable<StreamAsked["make"]>;

interface Opening {
  readonly asked: Asked | undefined;
  readonly holder: StreamHolder;
  readonly hasTicket: boolean;
  readonly parts: StreamDoorParts;
}

const kinds: readonly StreamKind[] = [
  { name: "events.subscribe", scope: "events:read", read: (input) => parse(streamInput, input) },
  {
    name: "alerts.subscribe",
    scope: "alerts:read",
    read: (input) => parse(alertStreamInput, input),
    types: alertEventTypes,
  },
  {
    name: "notifications.inbox.subscribe",
    scope: "notifications:read",
    read: (input) => parse(inboxStreamInput, input),
    make: inboxOf,
  },
  {
    name: "executions.watch",
    scope: "executions:read",
    read: (input) => parse(watchInput, input),
    make: watching,
  },
];
const kindsByPath = new Map(
  kinds.flatMap((kind) => [`/trpc/${kind.name}`, `/v1/${kind.name}`].map((path) => [path, kind])),
);
const limits = { timeoutMs: 5_000 };

/** Whether a request asks for a stream. */
export function isStream(url: URL): boolean {
  return kindOf(url) !== undefined;
}

function kindOf({ pathname }: URL): StreamKind | undefined {
  return kindsByPath.get(pathname);
}

/**
 * Opens a stream, as tRPC's `httpSubscriptionLink` and every EventSource read it. A client shows
 * a ticket (`connectionParams={"ticket":…}` or `ticket=…`), or a credential in the header if it can.
 */
export async function serveStream(
  arrival: Arrival,
  url: URL,
  parts: StreamDoorParts,
): Promise<void> {
  const { request, response, requestId } = arrival;
  const { streams, admission } = parts;
  try {
    const { kind, asked, ticket } = await admission.look(arrival, () => askedOf(request, url));
    // Before a ticket is taken, which whoever comes back by themselves shows again.
    streams.requireRoom(admission.addressOf(request));
    const holder = await holderOf(arrival, { ticket, kind }, parts);
    // Outside the gate from here on: a stream is no call, and may take its time to catch up.
    await streams.open(request, response, {
      holder,
      address: admission.addressOf(request),
      after: resumeAfter(asked),
      types: kind.types ?? asked?.types,
      make: await kind.make?.({ asked, holder, hasTicket: ticket !== undefined, parts }),
    });
  } catch (error) {
    admission.refused(error, requestId);
    refuse(arrival, toCodexError(error));
  }
}

interface StreamRequest {
  readonly kind: StreamKind;
  readonly asked: Asked | undefined;
  readonly ticket: string | undefined;
}

function askedOf(request: IncomingMessage, url: URL): StreamRequest {
  requireShort(request);
  const { method, headers } = request;
  if (method !== "GET")
    throw new Refusal({ code: "InvalidInput", status: 405, message: "a stream is opened by GET" });
  const kind = kindOf(url);
  if (kind === undefined) throw new Refusal({ code: "NotFound", message: "no such stream" });
  return { kind, asked: inputOf(url, kind, headers["last-event-id"]), ticket: ticketOf(url) };
}

// Of refusals that no wait helps: a bare EventSource, which cannot be told to stay away, comes back seldom.
const retryMsOfFinal = 30_000;

/**
 * Says why there is no stream. An EventSource reads no status and no body of an error: it is told by a frame,
 * with the same code, which it can tell from a connection that was lost. Any other client has HTTP's status,
 * but for what says where to begin anew.
 */
function refuse({ request, response, requestId }: Arrival, error: CodexError): void {
  // One that has ended meanwhile is told nothing more: writing to it would be an error that nobody hears.
  if (response.writableEnded) return;
  const shape = trpcShapeOf(error, requestId);
  const status = statusOf(error);
  // A credential that is none closes an EventSource, as ever: it would come back with the same ticket.
  const isFramed =
    status === 404 ||
    status === 400 ||
    (status !== 401 && request.headers.accept?.includes("text/event-stream") === true);
  if (isFramed) {
    if (!response.headersSent) response.writeHead(200, { ...streamHeaders, connection: "close" });
    response.end(errorFrame(shape, retryMsOf(error)));
  } else if (response.headersSent) response.destroy();
  else fail(response, error, { body: JSON.stringify({ error: shape }), allow: "GET" });
}

/** When a client that comes back by itself should, each at a moment of its own. */
function retryMsOf(error: CodexError): number {
  const passes = error.retryable || error.code === "Internal" || error.code === "OutcomeUnknown";
  const seconds = retryAfterOf(error) ?? (passes ? 1 : undefined);
  if (seconds === undefined) return retryMsOfFinal;
  return Math.round(seconds * 1_000 * (1 + Math.random()));
}

/** What stands in the address, as the stream's own schema reads it. Throws InvalidInput. */
function inputOf(
  { searchParams }: URL,
  kind: StreamKind,
  lastEventId: string | string[] | undefined,
): Asked | undefined {
  const text = searchParams.get("input");
  const after = searchParams.get("after");
  const types = searchParams.getAll("types");
  const id = searchParams.get("id");
  const plain = {
    ...(id === null ? {} : { id }),
    ...(after === null || after === "" ? {} : { after: numberIn(after) }),
    ...(types.length === 0 ? {} : { types }),
  };
  const asked = kind.read(text === null ? plain : parseJson(text));
  // A browser that connects again by itself says in the header how far it has come.
  const seen = lastEventId ?? searchParams.get("lastEventId") ?? undefined;
  if (seen === undefined || seen === "") return asked;
  const resumed = kind.read({ ...asked, lastEventId: String(seen) });
  const furthest = Math.max(Number(asked?.lastEventId ?? 0), Number(resumed?.lastEventId));
  return kind.read({ ...asked, lastEventId: String(furthest) });
}

/**
 * Digits only: `Number` would read 0x10 and 1e2, and blanks as 0, which is everything there ever was. Throws
 * InvalidInput.
 */
function numberIn(text: string): number {
  if (/^\d{1,15}$/u.test(text)) return Number(text);
  throw invalidInput("after: is not the number of an event", ["after"]);
}

async function holderOf(
  arrival: Arrival,
  { ticket, kind }: Pick<StreamRequest, "ticket" | "kind">,
  { codex, admission }: StreamDoorParts,
): Promise<StreamHolder> {
  const cost = costOf([kind.name]);
  if (ticket !== undefined)
    return admission.admitTicket(arrival, cost, () => codex.access.takeTicket(ticket, limits));
  const load = { cost, calls: 1, together: false, read: async () => {} };
  return admission.admit(arrival, load, async (context) => {
    // The header proves who it is; a ticket of its own, taken at once, says what ends the stream.
    const start = performance.now();
    const { workspace } = context.caller.member({ role: "viewer", scope: kind.scope });
    const made = await workspace().events.ticket(limits);
    const holder = await codex.access.takeTicket(made.ticket, limits);
    const { requestId, observer } = context;
    const ms = performance.now() - start;
    observer.ended({ path: kind.name, type: "subscription", code: "ok", ms, requestId });
    return holder;
  });
}

/** Makes the stream of one inbox. Throws Forbidden: for an agent, which has none, and for a key whose scopes a ticket does not tell. */
function inboxOf({ holder, hasTicket, parts }: Opening): StreamMaker {
  const { workspaceId, userId, apiKeyId } = holder;
  if (userId === null) throw new CodexError("Forbidden", "an inbox belongs to a person");
  if (apiKeyId !== null && hasTicket)
    throw new CodexError("Forbidden", "with an API key, an inbox is opened by the header");
  const { inbox } = parts.codex.workspace(workspaceId, { userId }).notifications;
  return (options) => new InboxStream(options, inbox);
}

/** Makes the stream of one execution. Throws NotFound. */
async function watching({ asked, holder, parts: { codex } }: Opening): Promise<StreamMaker> {
  const id = asked?.id ?? "";
  const read = (): Promise<Execution> => codex.feed.execution(holder, id, limits);
  await read();
  return (options) => new WatchStream(options, { id: id.toLowerCase(), read });
}

function ticketOf(url: URL): string | undefined {
  const plain = url.searchParams.get("ticket");
  if (plain !== null) return plain;
  const text = url.searchParams.get("connectionParams");
  if (text === null) return undefined;
  const params = parseJson(text) as { ticket?: unknown } | null;
  const ticket = params?.ticket;
  if (ticket === undefined) return undefined;
  if (typeof ticket !== "string") throw new CodexError("InvalidInput", "a ticket is a text");
  return ticket;
}
