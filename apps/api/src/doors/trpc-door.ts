import { resolveResponse } from "@trpc/server/http";
import type { IncomingHttpHeaders } from "node:http";
import type { Admission, Arrival } from "../admission.ts";
import type { Context } from "../context.ts";
import { bodyOf, Refusal, statusOf, toCodexError, trpcNumberOf } from "../errors.ts";
import { fail, send } from "../http/answer.ts";
import { parseJson, readJson } from "../http/body.ts";
import { costOf } from "../procedures.ts";
import { appRouter } from "../root.ts";

/** Most calls of one request. */
export const batchMax = 20;

const endpoint = "/trpc/";

/** Answers requests of tRPC's clients, one call or a batch of them. */
export async function serveTrpc(arrival: Arrival, url: URL, admission: Admission): Promise<void> {
  const { response, requestId } = arrival;
  try {
    const names = namesOf(url);
    requireMethod(arrival, names);
    const load = { cost: costOf(names), together: names.length > 1 };
    const answer = await admission.admit(arrival, load, (context) =>
      resolve(arrival, url, context),
    );
    const { status } = answer;
    send(response, { status, body: await answer.text() });
  } catch (error) {
    const known = toCodexError(error);
    const body = bodyOf(known, requestId);
    const data = { ...body, httpStatus: statusOf(known) };
    const shape = { code: trpcNumberOf(known.code), message: body.message, data };
    fail(response, known, { body: JSON.stringify({ error: shape }) });
  }
}

/** Counted before anything else is done: 15,000 commas are one refusal, not 15,000. */
function namesOf(url: URL): string[] {
  const path = url.pathname.slice(endpoint.length);
  const names = url.searchParams.get("batch") === "1" ? path.split(/,|%2C/iu) : [path];
  if (names.length > batchMax)
    throw new Refusal({
      code: "InvalidInput",
      message: `a batch has at most ${batchMax} calls`,
    });
  return names;
}

function requireMethod({ request }: Arrival, names: readonly string[]): void {
  const { method, headers } = request;
  if (method !== "GET" && method !== "POST")
    throw new Refusal({
      code: "InvalidInput",
      status: 405,
      message: "queries are sent by GET, mutations by POST",
    });
  if (headers["trpc-accept"] === "application/jsonl")
    throw new Refusal({
      code: "InvalidInput",
      status: 406,
      message: "answers are not streamed: use httpBatchLink",
    });
  if (names.length > 1 && method === "POST" && headers["idempotency-key"] !== undefined)
    throw new Refusal({
      code: "InvalidInput",
      message: "an idempotency key belongs to one call: send mutations one by one",
    });
}

async function resolve({ request }: Arrival, url: URL, context: Context): Promise<Response> {
  const { method } = request;
  const body = method === "POST" ? await readJson(request) : undefined;
  const input = url.searchParams.get("input");
  if (input !== null) parseJson(input);
  return resolveResponse({
    router: appRouter,
    path: url.pathname.slice(endpoint.length),
    // What of a Request is looked at: making a whole one costs a tenth of a call.
    req: {
      method: method ?? "GET",
      url: url.href,
      headers: headersOf(request.headers),
      signal: context.signal,
      json: async () => body,
    } as Request,
    error: null,
    maxBatchSize: batchMax,
    createContext: async () => context,
  });
}

function headersOf(headers: IncomingHttpHeaders): Pick<Headers, "get" | "has"> {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : String(value);
    },
    has: (name) => headers[name.toLowerCase()] !== undefined,
  };
}
