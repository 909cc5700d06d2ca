import type { Codex, InboxClient, StreamHolder } from "@codex/sdk";
import { CodexError } from "@codex/sdk/errors";
import { alertEventTypes } from "@codex/sdk/schemas";
import type { ServerResponse } from "node:http";
import type { z } from "zod";
import type { Admission, Arrival } from "../admission.ts";
import { Refusal, statusOf, toCodexError, trpcShapeOf } from "../errors.ts";
import { fail } from "../http/answer.ts";
import { parseJson } from "../http/body.ts";
import { costOf } from "../procedures.ts";
import type { Streams } from "../realtime/streams.ts";
import { errorFrame, streamHeaders } from "../realtime/wire.ts";
import { alertStreamInput } from "../routers/alerts.ts";
import { resumeAfter, streamInput } from "../routers/events.ts";
import { inboxStreamInput } from "../routers/notifications.ts";

interface StreamDoorParts {
  readonly codex: Codex;
  readonly streams: Streams;
  readonly admission: Admission;
}

/** A stream: what asks for it, and what it has when that is not every event. */
interface StreamKind {
  readonly name: string;
  readonly scope: string;
  readonly input: typeof streamInput | typeof alertStreamInput | typeof inboxStreamInput;
  readonly types?: readonly string[];
  /** What arrives in the inbox of whoever opens it. */
  readonly isInbox?: boolean;
}

const kinds: readonly StreamKind[] = [
  { name: "events.subscribe", scope: "events:read", input: streamInput },
  {
    name: "alerts.subscribe",
    scope: "alerts:read",
    input: alertStreamInput,
    types: alertEventTypes,
  },
  {
    name: "notifications.inbox.subscribe",
    scope: "notifications:read",
    input: inboxStreamInput,
    isInbox: true,
  },
];
const limits = { timeoutMs: 5_000 };

/** Whether a request asks for a stream. */
export function isStream(url: URL): boolean {
  return kindOf(url) !== undefined;
}

function kindOf({ pathname }: URL): StreamKind | undefined {
  return kinds.find(({ name }) => pathname === `/trpc/${name}` || pathname === `/v1/${name}`);
}

/**
 * Opens a stream of events or of an inbox, as tRPC's `httpSubscriptionLink` and every EventSource read it. A client shows
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
    if (request.method !== "GET")
      throw new Refusal({
        code: "InvalidInput",
        status: 405,
        message: "a stream is opened by GET",
      });
    const kind = kindOf(url);
    if (kind === undefined) throw new Refusal({ code: "NotFound", message: "no such stream" });
    const asked = inputOf(url, kind, request.headers["last-event-id"]);
    const holder = await holderOf(arrival, { url, kind }, parts);
    const inbox = kind.isInbox === true ? inboxOf(holder, url, parts) : undefined;
    // Outside the gate from here on: a stream is no call, and may take its time to catch up.
    await streams.open(request, response, {
      holder,
      after: resumeAfter(asked),
      types: kind.types ?? asked?.types,
      inbox,
    });
  } catch (error) {
    admission.refused(error, requestId);
    answerError(response, toCodexError(error), requestId);
  }
}

function answerError(response: ServerResponse, error: CodexError, requestId: string): void {
  const shape = trpcShapeOf(error, requestId);
  const status = statusOf(error);
  // An EventSource cannot read the body of an error. One that tells where to begin anew has to arrive.
  if (status === 404 || status === 400) {
    if (!response.headersSent) response.writeHead(200, streamHeaders);
    response.end(errorFrame(shape));
  } else if (response.headersSent) response.destroy();
  else fail(response, error, { body: JSON.stringify({ error: shape }), allow: "GET" });
}

/** Throws InvalidInput. */
function inputOf(
  url: URL,
  kind: StreamKind,
  lastEventId: string | string[] | undefined,
): z.output<typeof streamInput> {
  const { searchParams } = url;
  const text = searchParams.get("input");
  const after = searchParams.get("after");
  const types = searchParams.getAll("types");
  const plain = {
    ...(after === null ? {} : { after: Number(after) }),
    ...(types.length === 0 ? {} : { types }),
  };
  const input = text === null ? plain : parseJson(text);
  const asked: z.output<typeof streamInput> = kind.input.parse(input);
  // A browser that connects again by itself says in the header how far it has come.
  const seen = lastEventId ?? searchParams.get("lastEventId") ?? undefined;
  if (seen === undefined || seen === "") return asked;
  const resumed = streamInput.parse({ lastEventId: String(seen) });
  const furthest = Math.max(Number(asked?.lastEventId ?? 0), Number(resumed?.lastEventId));
  return { ...asked, lastEventId: String(furthest) };
}

async function holderOf(
  arrival: Arrival,
  { url, kind }: { url: URL; kind: StreamKind },
  { codex, admission }: StreamDoorParts,
): Promise<StreamHolder> {
  const cost = costOf([kind.name]);
  const ticket = ticketOf(url);
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

/** Throws Forbidden: for an agent, which has none, and for a key whose scopes a ticket does not tell. */
function inboxOf(
  { workspaceId, userId, apiKeyId }: StreamHolder,
  url: URL,
  { codex }: StreamDoorParts,
): InboxClient {
  if (userId === null) throw new CodexError("Forbidden", "an inbox belongs to a person");
  if (apiKeyId !== null && ticketOf(url) !== undefined)
    throw new CodexError("Forbidden", "with an API key, an inbox is opened by the header");
  return codex.workspace(workspaceId, { userId }).notifications.inbox;
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
