import type { Postgres } from "@codex/postgres";
import { build } from "./builder.ts";
import { ScopeHandle } from "./executor.ts";
import { id, parse } from "./input.ts";
import type { CallOptions } from "./options.ts";
import type { Telemetry } from "./telemetry.ts";
import { Workspace } from "./workspace.ts";
import { purge } from "./workspaces/queries.ts";

interface SystemParts {
  /** Connections of a member of `codex_service`. */
  readonly app: Postgres;
  readonly telemetry: Telemetry;
  readonly cursorSecret: string;
  readonly notify: boolean | undefined;
}

/** Background work: not as a person, one workspace at a time, with a reason that is kept. */
export class System {
  readonly reason: string;
  readonly workspaces: SystemWorkspaces;
  readonly #parts: SystemParts;

  constructor(parts: SystemParts, reason: string) {
    this.#parts = parts;
    this.reason = reason;
    this.workspaces = new SystemWorkspaces(parts);
  }

  /** The clients of a workspace. Its first call leaves the audit event, in the same write. Throws InvalidInput. */
  workspace(workspaceId: string): Workspace {
    const target = parse(id, workspaceId);
    const scope = this.#parts.app.scope({ context: contextOf(target) });
    const preamble = { statement: auditEvent(target, this.reason) };
    return new Workspace(scope, { ...this.#parts, workspaceId: target, preamble });
  }
}

/** What is done to workspaces as a whole. */
export class SystemWorkspaces {
  readonly #parts: SystemParts;

  constructor(parts: SystemParts) {
    this.#parts = parts;
  }

  /** Deletes a workspace with everything in it, for good. Throws Forbidden when there is none. */
  async purge(workspaceId: string, options: CallOptions = {}): Promise<{ id: string }> {
    const target = parse(id, workspaceId);
    const handle = new ScopeHandle(this.#parts.app.scope(), {
      ...this.#parts,
      workspaceId: target,
    });
    return handle.write(
      {
        operation: { name: "workspaces.purge", table: "workspaces" },
        queries: [purge(target)],
        input: target,
        settle: () => ({ id: target }),
      },
      options,
    );
  }
}

function contextOf(workspaceId: string): { sql: string; parameters: readonly unknown[] } {
  return { sql: "codex.set_service_context($1)", parameters: [workspaceId] };
}

function auditEvent(
  workspaceId: string,
  reason: string,
): { sql: string; parameters: readonly unknown[] } {
  return build
    .insertInto("audit_events")
    .values({ workspace_id: workspaceId, action: "system", reason })
    .compile();
}
