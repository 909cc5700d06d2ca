import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Arrival } from "./admission.ts";
import { openApiOf } from "./contract/openapi.ts";
import { serveMcp, toolsOf } from "./doors/mcp-door.ts";
import type { Tools } from "./doors/mcp-door.ts";
import { sendDocs, sendLanding } from "./doors/pages.ts";
import { rpcEndpoint, serveRpc } from "./doors/rpc-door.ts";
import { isStream, serveStream } from "./doors/stream-door.ts";
import { serveTrpc } from "./doors/trpc-door.ts";
import { bodyOf, Refusal, statusOf, toCodexError } from "./errors.ts";
import { send } from "@codex/process";
import { fail } from "./http/answer.ts";
import { allowOrigin } from "./http/cors.ts";
import { requireExpectation } from "./http/expect.ts";
import { keptOf, sendKept } from "./http/kept.ts";
import type { Kept } from "./http/kept.ts";
import { readUrl, requireShort } from "./http/url.ts";
import { describeError } from "./observe/log.ts";
import type { Parts } from "./parts.ts";

/** Answers every request, by the door that it came to. */
export function routesOf(
  parts: Parts,
  { origins }: { origins: readonly string[] },
): (request: IncomingMessage, response: ServerResponse) => void {
  const { tracing, log } = parts;
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  const openApi = keptOf(Buffer.from(JSON.stringify(openApiOf(parts.contract))));
  const callParts = { ...parts, origins: allowed, tools: toolsOf(parts.contract) };
  const pageParts = { ...parts, openApi };
  return (request, response) => {
    const requestId = requestIdOf(request);
    response.setHeader("x-request-id", requestId);
    if (allowOrigin(request, response, allowed)) return;
    const { headers, method = "" } = request;
    const about = { headers, name: `${method} ${doorOf(request.url)}` };
    tracing
      .request(about, response, async () => {
        const url = readUrl(request);
        const arrival = { request, response, requestId };
        if (await serveCall(arrival, url, callParts)) return;
        // Of a call its own door says so, in its own words.
        requireExpectation(request);
        requireShort(request);
        if (await servePage(arrival, url, pageParts)) return;
        notFound(arrival);
      })
      .catch((error: unknown) => {
        const known = toCodexError(error);
        if (known.code === "Internal") log.error({ requestId, ...describeError(error) }, "request");
        fail(response, known, { body: JSON.stringify(bodyOf(known, requestId)) });
      });
  };
}

/** The doors behind which procedures are called; false for a path that is none of them. */
async function serveCall(
  arrival: Arrival,
  url: URL,
  parts: Parts & { readonly origins: ReadonlySet<string>; readonly tools: Tools },
): Promise<boolean> {
  const { pathname } = url;
  const { admission } = parts;
  if (isStream(url)) await serveStream(arrival, url, parts);
  else if (pathname.startsWith("/trpc/")) await serveTrpc(arrival, url, admission);
  else if (pathname.startsWith(rpcEndpoint)) await serveRpc(arrival, url, admission);
  else if (pathname === "/mcp") await serveMcp(arrival, parts);
  else return false;
  return true;
}

/** What everybody may look at; false for a path that is none of it. */
async function servePage(
  { request, response }: Arrival,
  { pathname }: URL,
  { probe, contract, streams, openApi }: Parts & { readonly openApi: Kept },
): Promise<boolean> {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  switch (pathname) {
    case "/livez":
      send(response, { status: 200, body: '{"live":true}' });
      return true;
    case "/readyz": {
      const { ready } = await probe.look();
      send(response, { status: ready ? 200 : 503, body: JSON.stringify({ ready }) });
      return true;
    }
    case "/openapi.json":
      sendKept(request, response, openApi);
      return true;
    case "/": {
      await probe.look();
      const { schemaVersion = 0, serverVersion = "not reached" } = probe.report ?? {};
      const running = { schemaVersion, serverVersion, uptimeS: process.uptime() };
      sendLanding(response, contract, { ...running, streams: streams.count });
      return true;
    }
    default:
      return /^\/docs(?:\/|$)/u.test(pathname) && sendDocs(response, pathname);
  }
}

function notFound({ response, requestId }: Arrival): void {
  const error = new Refusal({ code: "NotFound", message: "there is nothing here" });
  send(response, { status: statusOf(error), body: JSON.stringify(bodyOf(error, requestId)) });
}

/** First part of the path, if it is one of ours: for spans, whose names must be few. */
function doorOf(url = "/"): string {
  const [, door = ""] = /^\/(trpc|v1|mcp|docs|livez|readyz|openapi\.json)\b/u.exec(url) ?? [];
  return `/${door}`;
}

function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && /^[\w.-]{1,64}$/u.test(given) ? given : randomUUID();
}
