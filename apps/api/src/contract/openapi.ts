import type { Contract, JsonSchema, ProcedureContract } from "./contract.ts";
import { redirect } from "./shapes.ts";

/** The contract as OpenAPI 3.1: one POST for each procedure, its input as the body. */
export function openApiOf(contract: Contract): unknown {
  return {
    openapi: "3.1.0",
    info: {
      title: "Codex",
      version: `${contract.version}.0.0`,
      description:
        "Each procedure is one POST whose body is its input. With an API key the workspace is the key's; a person's token needs the header x-codex-workspace.",
    },
    security: [{ bearer: [] }],
    paths: Object.fromEntries(
      contract.procedures.map((procedure) => [
        `/v1/${procedure.name}`,
        procedure.type === "subscription" ? streamOf(procedure) : operationOf(procedure),
      ]),
    ),
    components: {
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "An API key (cdx_…), or a token of the identity provider.",
        },
      },
      schemas: {
        ...Object.fromEntries(
          Object.entries(contract.shapes).map(([name, shape]) => [name, at(shape)]),
        ),
        Problem: problem,
      },
      headers,
    },
  };
}

function at(schema: JsonSchema): unknown {
  return redirect(schema, "#/components/schemas/");
}

function operationOf({
  name,
  type,
  doc,
  input,
  output,
  auth,
  role,
  scope,
}: ProcedureContract): unknown {
  const needs =
    auth === "member"
      ? `Needs the role ${role}; API keys with scopes need ${scope}.`
      : "Takes a person's token.";
  return {
    post: {
      operationId: name.replaceAll(".", "_"),
      summary: doc,
      description: needs,
      tags: [name.split(".", 1)[0]],
      parameters: [
        ...(auth === "member" ? [workspaceHeader] : []),
        ...(type === "mutation" && auth === "member" ? [idempotencyHeader] : []),
      ],
      requestBody: { required: true, content: { "application/json": { schema: at(input) } } },
      responses: {
        "200": {
          description: "Done.",
          headers: Object.fromEntries(
            Object.keys(headers).map((header) => [
              header,
              { $ref: `#/components/headers/${header}` },
            ]),
          ),
          content: { "application/json": { schema: at(output) } },
        },
        default: {
          description: "Refused; `code` says why.",
          content: {
            "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
          },
        },
      },
    },
  };
}

function streamOf({ name, doc, input }: ProcedureContract): unknown {
  const { properties = {}, required = [] } = input;
  const asked = Object.entries(properties).filter(([field]) => field !== "lastEventId");
  return {
    get: {
      operationId: name.replaceAll(".", "_"),
      summary: doc,
      description:
        "Server-Sent Events. Each has the event's number as its id; a client that is cut goes on after the last one.",
      tags: [name.split(".", 1)[0]],
      security: [{}, { bearer: [] }],
      parameters: [
        {
          name: "ticket",
          in: "query",
          schema: { type: "string" },
          description: "Of events.ticket.",
        },
        ...asked.map(([field, schema]) => ({
          name: field,
          in: "query",
          required: required.includes(field),
          schema: at(schema),
        })),
        {
          name: "Last-Event-ID",
          in: "header",
          schema: { type: "string" },
          description: "Of the last event that arrived, of a client that was cut.",
        },
      ],
      responses: {
        "200": {
          description: "The stream.",
          content: { "text/event-stream": { schema: { type: "string" } } },
        },
      },
    },
  };
}

const workspaceHeader = {
  name: "x-codex-workspace",
  in: "header",
  required: false,
  schema: { type: "string", format: "uuid" },
  description: "Needed with a person's token; an API key has its own.",
};

const idempotencyHeader = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", minLength: 1, maxLength: 200 },
  description: "The same key with the same input gives the stored answer, for 24 hours.",
};

const headers = {
  "RateLimit-Limit": { description: "Points a minute.", schema: { type: "integer" } },
  "RateLimit-Remaining": { description: "Points left.", schema: { type: "integer" } },
  "RateLimit-Reset": {
    description: "Seconds until it is whole again.",
    schema: { type: "integer" },
  },
};

const problem = {
  type: "object",
  required: ["type", "title", "status", "detail", "code", "message", "requestId", "retryable"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    code: { type: "string" },
    message: { type: "string" },
    requestId: { type: "string" },
    retryable: { type: "boolean" },
    details: { type: "object" },
  },
};
