import type { IncomingMessage } from "node:http";
import type { Admission, Arrival } from "../admission.ts";
import type { Context } from "../context.ts";
import type { Contract, JsonSchema, ProcedureContract } from "../contract/contract.ts";
import { inlineShapes } from "../contract/shapes.ts";
import { bodyOf, Refusal, statusOf, toCodexError } from "../errors.ts";
import { send } from "@codex/process";
import { fail } from "../http/answer.ts";
import { readJson } from "../http/body.ts";
import { requireShort } from "../http/url.ts";
import { callProcedure, costOf } from "../procedures.ts";

// Versions of the Model Context Protocol whose messages used here are the same; the newest first.
const versions = ["2025-11-25", "2025-06-18"];
const serverInfo = { name: "codex", title: "Codex", version: "0.1.0" };

interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

interface Tool {
  readonly name: string;
  readonly procedure: ProcedureContract;
  /** Whether the answer is no object, and is therefore put into one. */
  readonly wraps: boolean;
}

/** The procedures as tools. */
export interface Tools {
  readonly byName: ReadonlyMap<string, Tool>;
  /** As they are listed. */
  readonly listed: readonly unknown[];
}

interface McpParts {
  readonly admission: Admission;
  readonly origins: ReadonlySet<string>;
  readonly tools: Tools;
}

/**
 * The same procedures as tools of the Model Context Protocol (streamable HTTP, without sessions): one
 * message a request, answered as JSON.
 */
export async function serveMcp(
  arrival: Arrival,
  { admission, origins, tools }: McpParts,
): Promise<void> {
  const { request, response, requestId } = arrival;
  let id: Message["id"] = null;
  try {
    await admission.look(arrival, () => requireTransport(request, origins));
    const load = {
      cost: 1,
      // The body is not read for whoever has nothing left at all.
      more: (message: Message) => costOfTool(message, tools) - 1,
      calls: 1,
      together: false,
      read: async () => readMessage(await readJson(request)),
    };
    const reply = await admission.admit(arrival, load, (context, message) => {
      id = message.id ?? null;
      return answer(message, tools, context);
    });
    // Nothing is owed to a notification.
    if (reply === undefined) response.writeHead(202).end();
    else send(response, { status: 200, body: JSON.stringify({ jsonrpc: "2.0", id, ...reply }) });
  } catch (error) {
    admission.refused(error, requestId);
    const known = toCodexError(error);
    const data = bodyOf(known, requestId);
    const refusal = { code: -32_600, message: data.message, data };
    const body = JSON.stringify({ jsonrpc: "2.0", id, error: refusal });
    fail(response, known, { body, allow: "POST" });
  }
}

/** What the transport asks of a request: POST, a version that both know, and no page of a stranger's. */
function requireTransport(request: IncomingMessage, origins: ReadonlySet<string>): void {
  requireShort(request);
  const { method, headers } = request;
  if (method !== "POST")
    throw new Refusal({ code: "InvalidInput", status: 405, message: "messages are sent by POST" });
  const { origin } = headers;
  // A name that a page has pointed at this machine brings its own origin along (DNS rebinding).
  if (origin !== undefined && !origins.has(origin))
    throw new Refusal({ code: "Forbidden", message: "pages of this origin may not call" });
  const version = headers["mcp-protocol-version"];
  if (version !== undefined && !versions.includes(String(version)))
    throw new Refusal({
      code: "InvalidInput",
      message: `this version of the protocol is not known; these are: ${versions.join(", ")}`,
    });
}

function readMessage(body: unknown): Message {
  const message = body as Message | null;
  if (
    typeof message !== "object" ||
    message?.jsonrpc !== "2.0" ||
    typeof message.method !== "string"
  )
    throw new Refusal({ code: "InvalidInput", message: "the body is no message of JSON-RPC 2.0" });
  const { id, method } = message;
  // Nothing is done for a notification, and whoever thinks that they sent a request would not hear of it.
  if (!method.startsWith("notifications/") && typeof id !== "string" && typeof id !== "number")
    throw new Refusal({ code: "InvalidInput", message: "a request has an id, a text or a number" });
  return message;
}

type Reply = { readonly result: unknown } | { readonly error: { code: number; message: string } };

async function answer(
  message: Message,
  tools: Tools,
  context: Context,
): Promise<Reply | undefined> {
  const { id, method, params } = message;
  if (id === undefined || id === null) return undefined;
  switch (method) {
    case "initialize": {
      await requireGood(context);
      const asked = params?.["protocolVersion"];
      const protocolVersion = versions.find((version) => version === asked) ?? versions[0];
      return { result: { protocolVersion, capabilities: { tools: {} }, serverInfo } };
    }
    case "ping":
      return { result: {} };
    case "tools/list":
      return { result: { tools: tools.listed } };
    case "tools/call":
      return callTool(toolOf(message, tools), params ?? {}, context);
    default:
      return { error: { code: -32_601, message: "no such method" } };
  }
}

/** Whoever begins with a key that is none is told so at once, and not at the first tool. Throws Unauthenticated. */
async function requireGood(context: Context): Promise<void> {
  try {
    await callProcedure("workspaces.get", {}, context);
  } catch (error) {
    // A scope or a workspace may be missing, and the database away: tools tell of that.
    if (statusOf(toCodexError(error)) === 401) throw error;
  }
}

function toolOf({ method, params }: Message, { byName }: Tools): Tool | undefined {
  return method === "tools/call" ? byName.get(String(params?.["name"])) : undefined;
}

/** Points of a message: those of the procedure that it calls. */
function costOfTool(message: Message, tools: Tools): number {
  const tool = toolOf(message, tools);
  return tool === undefined ? 1 : costOf([tool.procedure.name]);
}

async function callTool(
  tool: Tool | undefined,
  params: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<Reply> {
  if (tool === undefined) return { error: { code: -32_602, message: "no such tool" } };
  try {
    const result = await callProcedure(tool.procedure.name, params["arguments"] ?? {}, context);
    const structuredContent = tool.wraps ? { result } : result;
    return { result: { content: [textOf(result)], structuredContent } };
  } catch (error) {
    const known = toCodexError(error);
    // Without a credential that is good there is no session: HTTP says so, and clients sign in.
    if (statusOf(known) === 401) throw known;
    return { result: { content: [textOf(bodyOf(known, context.requestId))], isError: true } };
  }
}

function textOf(value: unknown): { type: "text"; text: string } {
  return { type: "text", text: JSON.stringify(value) };
}

/** Reads the tools out of the contract. */
export function toolsOf(contract: Contract): Tools {
  const found = contract.procedures
    .filter(({ type }) => type !== "subscription")
    .map((procedure): Tool => {
      const output = inlineShapes(procedure.output, contract.shapes);
      // Dots are not allowed in names by every client.
      const name = procedure.name.replaceAll(".", "_");
      return { name, procedure, wraps: output.type !== "object" };
    });
  return {
    byName: new Map(found.map((tool) => [tool.name, tool])),
    listed: found.map(({ name, procedure, wraps }) => {
      const { doc, type, input, output } = procedure;
      return {
        name,
        title: procedure.name,
        description: doc,
        inputSchema: asObject(inlineShapes(input, contract.shapes)),
        outputSchema: outputSchemaOf(inlineShapes(output, contract.shapes), wraps),
        annotations: { readOnlyHint: type === "query", openWorldHint: false },
      };
    }),
  };
}

function asObject(schema: JsonSchema): JsonSchema {
  return schema.type === "object" ? schema : { type: "object", properties: {} };
}

// Definitions stand at the root, wherever the answer itself is put.
function outputSchemaOf(schema: JsonSchema, wraps: boolean): JsonSchema {
  if (!wraps) return schema;
  const { $defs, ...result } = schema;
  return {
    type: "object",
    properties: { result },
    required: ["result"],
    ...($defs === undefined ? {} : { $defs }),
  };
}
