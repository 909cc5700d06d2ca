import type { Postgres, Statement } from "@codex/postgres";
import { CodexError } from "./errors.ts";
import { ScopeHandle } from "./executor.ts";
import type { Telemetry } from "./telemetry.ts";

/** Connections of a member of `codex_service`, and what its handles share. */
export interface Service {
  readonly app: Postgres;
  readonly telemetry: Telemetry;
  readonly cursorSecret: string;
  readonly notify: boolean | undefined;
}

/** Throws Forbidden when there is none. */
export function requireService(service: Service | undefined): Service {
  if (service === undefined)
    throw new CodexError("Forbidden", "createCodex was given no service connection");
  return service;
}

/**
 * The service role without the trace that `codex.system` leaves: for what a server does over and over and
 * that changes nothing of anybody's, such as numbering events. In one workspace, or in none.
 */
export function serviceHandle(service: Service, workspaceId?: string): ScopeHandle {
  const scope = service.app.scope(
    workspaceId === undefined ? {} : { context: serviceContext(workspaceId) },
  );
  return new ScopeHandle(scope, { ...service, notify: false, workspaceId: workspaceId ?? "" });
}

export function serviceContext(workspaceId: string): Statement {
  return { sql: "codex.set_service_context($1)", parameters: [workspaceId] };
}
