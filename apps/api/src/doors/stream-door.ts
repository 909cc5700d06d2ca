import type { Codex, StreamHolder } from "@codex/sdk";
import { CodexError, isCodexError } from "@codex/sdk/errors";
import type { z } from "zod";
import type { Admission, Arrival } from "../admission.ts";
import type { Context } from "../context.ts";
import { bodyOf, statusOf, toCodexError, trpcNumberOf } from "../errors.ts";
import { fail } from "../http/answer.ts";
import { parseJson } from "../http/body.ts";
import { costOf } from "../procedures.ts";
import type { Streams } from "../realtime/streams.ts";
import { errorFrame, streamHeaders } from "../realtime/wire.ts";
import { resumeAfter, streamInput } from "../routers/events.ts";

interface StreamDoorParts {
  readonly codex: Codex;
  readonly streams: Streams;
  readonly admission: Admission;
}

const name = "events.subscribe";

/** Whether a request asks for a stream. */
export function isStream(url: URL): boolean {
  return url.pathname === `/trpc/${name}` || url.pathname === `/v1/${name}`;
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
  const { streams, admission, codex } = parts;
  try {
    const load = { cost: costOf([name]), together: false };
    await admission.admit(arrival, load, async (context) => {
      const asked = inputOf(url, request.headers["last-event-id"]);
      const holder = await holderOf(url, context, codex);
      const { types } = asked ?? {};
      await streams.open(request, response, { holder, after: resumeAfter(asked), types });
    });
  } catch (error) {
    const known = toCodexError(error);
    const body = bodyOf(known, requestId);
    const data = { ...body, httpStatus: statusOf(known) };
    const shape = { code: trpcNumberOf(known.code), message: body.message, data };
    // An EventSource cannot read the body of an error. One that tells where to begin anew has to arrive.
    if (isCodexError(known, "NotFound") || isCodexError(known, "InvalidInput")) {
      if (!response.headersSent) response.writeHead(200, streamHeaders);
      response.end(errorFrame(shape));
    } else if (response.headersSent) response.destroy();
    else fail(response, known, { body: JSON.stringify({ error: shape }) });
  }
}

/** Throws InvalidInput. */
function inputOf(
  url: URL,
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
  const asked = streamInput.parse(input);
  // A browser that connects again by itself says in the header how far it has come.
  const seen = lastEventId ?? searchParams.get("lastEventId") ?? undefined;
  if (seen === undefined || seen === "") return asked;
  const resumed = streamInput.parse({ lastEventId: String(seen) });
  const furthest = Math.max(Number(asked?.lastEventId ?? 0), Number(resumed?.lastEventId));
  return { ...asked, lastEventId: String(furthest) };
}

async function holderOf(url: URL, context: Context, codex: Codex): Promise<StreamHolder> {
  const ticket = ticketOf(url);
  if (ticket !== undefined) return codex.access.takeTicket(ticket, { timeoutMs: 5_000 });
  // The header proves who it is; a ticket of its own, taken at once, says what ends the stream.
  const { workspace } = context.caller.member({ role: "viewer", scope: "events:read" });
  const made = await workspace().events.ticket({ timeoutMs: 5_000 });
  return codex.access.takeTicket(made.ticket, { timeoutMs: 5_000 });
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
