import { build } from "./builder.ts";
import { ScopeHandle } from "./executor.ts";
import { id, parse } from "./input.ts";
import type { CallOptions } from "./options.ts";
import { serviceContext } from "./service.ts";
import type { Service } from "./service.ts";
import { Workspace } from "./workspace.ts";
import { purge } from "./workspaces/queries.ts";

/** Background work: not as a person, one workspace at a time, with a reason that is kept. */
export class System {
  readonly reason: string;
  readonly workspaces: SystemWorkspaces;
  readonly #parts: Service;

  constructor(parts: Service, reason: string) {
    this.#parts = parts;
    this.reason = reason;
    this.workspaces = new SystemWorkspaces(parts);
  }

  /** The clients of a workspace. Its first call leaves the audit event, in the same write. Throws InvalidInput. */
  workspace(workspaceId: string): Workspace {
    const target = parse(id, workspaceId);
    const scope = this.#parts.app.scope({ context: serviceContext(target) });
    const preamble = { statement: auditEvent(target, this.reason) };
    return new Workspace(scope, { ...this.#parts, workspaceId: target, preamble });
  }
}

/** What is done to workspaces as a whole. */
export class SystemWorkspaces {
  readonly #parts: Service;

  constructor(parts: Service) {
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

function auditEvent(
  workspaceId: string,
  reason: string,
): { sql: string; parameters: readonly unknown[] } {
  return build
    .insertInto("audit_events")
    .values({ workspace_id: workspaceId, action: "system", reason })
    .compile();
}
