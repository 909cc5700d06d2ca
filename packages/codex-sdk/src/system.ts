import type { PoolUsage, Scope } from "@codex/postgres";
import { AgentRegistry, CapabilityRegistry } from "./agents/registry.ts";
import { Background } from "./background/background.ts";
import type { RetentionKind, WorkKind } from "./background/kinds.ts";
import { workspacesWithRetention, workspacesWithWork } from "./background/queries.ts";
import { pageOfWork, pageOfWorkspaces, retentionInput, workKind } from "./background/schemas.ts";
import type { ClaimDeliveriesInput } from "./background/schemas.ts";
import type { Query } from "./builder.ts";
import { build } from "./builder.ts";
import { checkDatabase } from "./check.ts";
import type { CheckReport } from "./check.ts";
import { ScopeHandle } from "./executor.ts";
import type { Surroundings } from "./executor.ts";
import { id, parse } from "./input.ts";
import type { CallOptions } from "./options.ts";
import { serviceContext, serviceHandle } from "./service.ts";
import type { Service } from "./service.ts";
import { Workspace } from "./workspace.ts";
import { purge } from "./workspaces/queries.ts";

/** A page of workspaces, in the order of their ids. */
interface WorkspacePage {
  readonly after?: string | undefined;
  /** 1 to 1,000; 100. */
  readonly limit?: number | undefined;
}

// The worker enters every workspace with work, for as long as it runs.
const enteredMax = 10_000;
// All in one statement: a large workspace takes minutes.
const purgeTakesMs = 3_600_000;

/** Background work: not as a person, one workspace at a time, with a reason that is kept. */
export class System {
  readonly reason: string;
  readonly workspaces: SystemWorkspaces;
  /** The registry of agents. It is of no workspace, so nothing keeps the reason of a change there. */
  readonly agents: AgentRegistry;
  readonly capabilities: CapabilityRegistry;
  readonly #parts: Service;
  readonly #entered = new Map<string, Background>();

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
    return new Workspace(this.#scopeOf(target), this.#around(target));
  }

  /** Background work in a workspace. Only the first call there leaves the audit event. Throws InvalidInput. */
  background(workspaceId: string): Background {
    const target = parse(id, workspaceId);
    const entered = this.#entered.get(target);
    if (entered !== undefined) return entered;
    if (this.#entered.size >= enteredMax) this.#entered.clear();
    const background = new Background(new ScopeHandle(this.#scopeOf(target), this.#around(target)));
    this.#entered.set(target, background);
    return background;
  }

  /**
   * Workspaces in which background work of a kind waits, after one of them; `without` as of the claim: the
   * channels whose deliveries are no work for who asks. Throws InvalidInput.
   */
  async workspacesWithWork(
    kind: WorkKind,
    page: WorkspacePage & Pick<ClaimDeliveriesInput, "without"> = {},
    options: CallOptions = {},
  ): Promise<readonly string[]> {
    const query = workspacesWithWork(parse(workKind, kind), parse(pageOfWork, page));
    return this.#find("workspacesWithWork", query, options);
  }

  /** Workspaces in which something is older than so many days, after one of them. Throws InvalidInput. */
  async workspacesWithRetention(
    policy: { kind: RetentionKind; days: number },
    page: WorkspacePage = {},
    options: CallOptions = {},
  ): Promise<readonly string[]> {
    const asked = parse(pageOfWorkspaces, page);
    const query = workspacesWithRetention(parse(retentionInput, policy), asked);
    return this.#find("workspacesWithRetention", query, options);
  }

  /** As `codex.check`, of the service connection alone. Throws SchemaMismatch, Unavailable, Timeout. */
  check(options: CallOptions = {}): Promise<CheckReport> {
    return checkDatabase(this.#parts.app, "codex_service", options);
  }

  /** How the service connections are used now. */
  usage(): PoolUsage {
    return this.#parts.app.usage();
  }

  #find(
    name: string,
    query: Query<{ id: string }>,
    options: CallOptions,
  ): Promise<readonly string[]> {
    return serviceHandle(this.#parts).read(
      {
        operation: { name: `system.${name}`, table: "workspaces" },
        queries: [query],
        settle: ([rows]) => rows.map((row) => row.id),
      },
      options,
    );
  }

  #scopeOf(workspaceId: string): Scope<unknown> {
    return this.#parts.app.scope({ context: serviceContext(workspaceId) });
  }

  #around(workspaceId: string): Surroundings {
    const preamble = { statement: auditEvent(workspaceId, this.reason) };
    return { ...this.#parts, workspaceId, preamble };
  }
}

/** What is done to workspaces as a whole. */
export class SystemWorkspaces {
  readonly #parts: Service;

  constructor(parts: Service) {
    this.#parts = parts;
  }

  /**
   * Deletes a workspace with everything in it, for good; it may take an hour unless told otherwise. Throws Forbidden
   * when there is none.
   */
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
      { ...options, timeoutMs: options.timeoutMs ?? purgeTakesMs },
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
