import { AgentRegistry, CapabilityRegistry } from "./agents/registry.ts";
import { build } from "./builder.ts";
import { ScopeHandle } from "./executor.ts";
import { id, parse } from "./input.ts";
import type { CallOptions } from "./options.ts";
import { serviceContext, serviceHandle } from "./service.ts";
import type { Service } from "./service.ts";
import { Workspace } from "./workspace.ts";
import { purge, workspacesWithWork } from "./workspaces/queries.ts";
import { z } from "zod";

/** Background work that waits in a workspace. */
export type WorkKind = "deliveries" | "executions" | "held_deliveries" | "webhook_events";

/** Background work: not as a person, one workspace at a time, with a reason that is kept. */
export class System {
  readonly reason: string;
  readonly workspaces: SystemWorkspaces;
  /** The registry of agents. It is of no workspace, so nothing keeps the reason of a change there. */
  readonly agents: AgentRegistry;
  readonly capabilities: CapabilityRegistry;
  readonly #parts: Service;

  constructor(parts: Service, reason: string) {
    this.#parts = parts;
    this.reason = reason;
    this.workspaces = new SystemWorkspaces(parts);
    const outside = serviceHandle(parts);
    this.agents = new AgentRegistry(outside);
    this.capabilities = new CapabilityRegistry(outside);
  }

  /** The clients of a workspace. Its first call leaves the audit event, in the same write. Throws InvalidInput. */
  workspace(workspaceId: string): Workspace {
    const target = parse(id, workspaceId);
    const scope = this.#parts.app.scope({ context: serviceContext(target) });
    const preamble = { statement: auditEvent(target, this.reason) };
    return new Workspace(scope, { ...this.#parts, workspaceId: target, preamble });
  }

  /**
   * Workspaces in which background work of a kind waits, in the order of their ids, after one of them;
   * `executions`: some fell silent. Throws InvalidInput.
   */
  async workspacesWithWork(
    kind: WorkKind,
    page: { after?: string | undefined; limit?: number | undefined } = {},
    options: CallOptions = {},
  ): Promise<readonly string[]> {
    const after = parse(id.optional(), page.after);
    const limit = parse(z.int().min(1).max(1_000).default(100), page.limit);
    return serviceHandle(this.#parts).read(
      {
        operation: { name: "system.workspacesWithWork", table: "agent_executions" },
        queries: [workspacesWithWork(kind, { after, limit })],
        settle: ([rows]) => rows.map((row) => row.id),
      },
      options,
    );
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
