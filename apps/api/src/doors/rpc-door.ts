import type { IncomingMessage } from "node:http";
import type { Admission, Arrival } from "../admission.ts";
import { bodyOf, Refusal, statusOf, toCodexError } from "../errors.ts";
import { send } from "@codex/process";
import { fail } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { requireShort } from "../http/url.ts";
import { callProcedure, costOf } from "../procedures.ts";

export const rpcEndpoint = "/v1/";

/** Answers clients that know HTTP and JSON only, as openapi.json describes: one call, its input as the body. */
export async function serveRpc(arrival: Arrival, url: URL, admission: Admission): Promise<void> {
  const { request, response, requestId } = arrival;
  try {
    const name = url.pathname.slice(rpcEndpoint.length);
    await admission.look(arrival, () => requirePost(request));
    const read = (): Promise<unknown> => readJson(request);
    const load = { cost: costOf([name]), calls: 1, together: false, read };
    const result = await admission.admit(arrival, load, (context, input) =>
      callProcedure(name, input, context),
    );
    send(response, { status: 200, body: JSON.stringify(result) });
  } catch (error) {
    admission.refused(error, requestId);
    const known = toCodexError(error);
    const body = bodyOf(known, requestId);
    // RFC 9457, with our own fields beside its own.
    const problem = {
      type: `urn:codex:error:${body.code}`,
      title: body.code,
      status: statusOf(known),
      detail: body.message,
      ...body,
    };
    fail(response, known, {
      body: JSON.stringify(problem),
      type: "application/problem+json",
      allow: "POST",
    });
  }
}

function requirePost(request: IncomingMessage): void {
  requireShort(request);
  const { method } = request;
  if (method !== "POST")
    throw new Refusal({ code: "InvalidInput", status: 405, message: "calls are sent by POST" });
}
