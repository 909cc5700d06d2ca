import type { Codex, Execution, StreamHolder } from "@codex/sdk";
import { CodexError } from "@codex/sdk/errors";
import type { ServerResponse } from "node:http";
import type { Admission, Arrival } from "../admission.ts";
import { Refusal, statusOf, toCodexError, trpcShapeOf } from "../errors.ts";
import { fail } from "../http/answer.ts";
import { parseJson } from "../http/body.ts";
import { costOf } from "../procedures.ts";
import type { StreamAsked, Streams } from "../realtime/streams.ts";
import { errorFrame, streamHeaders } from "../realtime/wire.ts";
import { WatchStream } from "../realtime/watch-stream.ts";
import { streamInput } from "../routers/events.ts";
import { watchInput } from "../routers/executions.ts";
import { resumeAfter } from "../routers/stream-input.ts";
import type { Position } from "../routers/stream-input.ts";
import { areaOf } from "../trpc.ts";

interface StreamDoorParts {
  readonly codex: Codex;
  readonly streams: Streams;
  readonly admission: Admission;
}

const names = ["events.subscribe", "executions.watch"] as const;
type StreamName = (typeof names)[number];
const limits = { timeoutMs: 5_000 };

/** Whether a request asks for a stream. */
export function isStream({ pathname }: URL): boolean {
  return streamOf(pathname) !== undefined;
}

function streamOf(pathname: string): StreamName | undefined {
  return names.find((name) => pathname === `/trpc/${name}` || pathname === `/v1/${name}`);
}

/**
 * Opens a stream of events, as tRPC's `httpSubscriptionLink` and every EventSource read it. A client shows
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
    const name = streamOf(url.pathname) ?? "events.subscribe";
    const lastEventId = request.headers["last-event-id"];
    const schema = name === "events.subscribe" ? streamInput : watchInput;
    const asked = inputOf(url, lastEventId, (input) => schema.parse(input));
    const holder = await holderOf(arrival, url, { ...parts, name });
    // Outside the gate from here on: a stream is no call, and may take its time to catch up.
    await streams.open(request, response, {
      holder,
      after: resumeAfter(asked),
      types: asked !== undefined && "types" in asked ? asked.types : undefined,
      ...(asked !== undefined && "id" in asked ? await watching(asked.id, holder, parts) : {}),
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

/** Makes the stream of one execution. Throws NotFound. */
async function watching(
  id: string,
  holder: StreamHolder,
  { codex, admission }: StreamDoorParts,
): Promise<Pick<StreamAsked, "make">> {
  const read = (): Promise<Execution> => codex.feed.execution(holder, id, limits);
  await read();
  const failed = (error: unknown): void => admission.refused(error, "");
  return { make: (options) => new WatchStream(options, { id: id.toLowerCase(), read, failed }) };
}

/** What stands in the address, as the stream's own schema reads it. Throws InvalidInput. */
function inputOf<Asked extends Position | undefined>(
  { searchParams }: URL,
  lastEventId: string | string[] | undefined,
  read: (input: unknown) => Asked,
): Asked {
  const text = searchParams.get("input");
  const after = searchParams.get("after");
  const types = searchParams.getAll("types");
  const id = searchParams.get("id");
  const plain = {
    ...(id === null ? {} : { id }),
    ...(after === null ? {} : { after: Number(after) }),
    ...(types.length === 0 ? {} : { types }),
  };
  const asked = read(text === null ? plain : parseJson(text));
  // A browser that connects again by itself says in the header how far it has come.
  const seen = lastEventId ?? searchParams.get("lastEventId") ?? undefined;
  if (seen === undefined || seen === "") return asked;
  const resumed = read({ ...asked, lastEventId: String(seen) });
  const furthest = Math.max(Number(asked?.lastEventId ?? 0), Number(resumed?.lastEventId));
  return read({ ...asked, lastEventId: String(furthest) });
}

async function holderOf(
  arrival: Arrival,
  url: URL,
  { codex, admission, name }: StreamDoorParts & { readonly name: StreamName },
): Promise<StreamHolder> {
  const cost = costOf([name]);
  const scope = `${areaOf(name)}:read`;
  const ticket = ticketOf(url);
  if (ticket !== undefined)
    return admission.admitTicket(arrival, cost, () => codex.access.takeTicket(ticket, limits));
  const load = { cost, calls: 1, together: false, read: async () => {} };
  return admission.admit(arrival, load, async (context) => {
    // The header proves who it is; a ticket of its own, taken at once, says what ends the stream.
    const start = performance.now();
    const { workspace } = context.caller.member({ role: "viewer", scope });
    const made = await workspace().events.ticket(limits);
    const holder = await codex.access.takeTicket(made.ticket, limits);
    const { requestId, observer } = context;
    const ms = performance.now() - start;
    observer.ended({ path: name, type: "subscription", code: "ok", ms, requestId });
    return holder;
  });
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
