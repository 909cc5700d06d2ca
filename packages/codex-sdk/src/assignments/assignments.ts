import type { JsonObject } from "@codex/db";
import { edited, look, only, versionOf } from "../edit.ts";
import type { Priority } from "../executions/execution.ts";
import type { Handle } from "../handle.ts";
import { newId } from "../ids.ts";
import { id as idInput, parse } from "../input.ts";
import type { CallOptions, EditOptions, WriteOptions, Written } from "../options.ts";
import { paged } from "../page.ts";
import type { List } from "../page.ts";
import {
  createAssignment,
  getAssignment,
  holdAssignment,
  listAssignments,
  setAssignmentStatus,
} from "./queries.ts";
import { assignInput, listAssignmentsInput } from "./schemas.ts";
import type { assignmentStatuses, AssignInput, ListAssignmentsInput } from "./schemas.ts";

/** Where an assignment stands. */
export type AssignmentStatus = (typeof assignmentStatuses)[number];

/** An agent at work for a workspace. */
export interface Assignment {
  readonly id: string;
  readonly agentId: string;
  /** Null for the whole workspace. */
  readonly campaignId: string | null;
  readonly status: AssignmentStatus;
  readonly priority: Priority;
  /** Executions at the same time. */
  readonly maxConcurrency: number;
  readonly config: JsonObject;
  /** Executions that succeeded. */
  readonly completed: number;
  /** Executions that failed or timed out. */
  readonly failed: number;
  /** Tokens used, both ways. */
  readonly tokens: number;
  /** Millionths of a US dollar. */
  readonly costMicros: number;
  readonly endedAt: Date | null;
  readonly createdBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Columns as the queries give them. */
export interface AssignmentRow extends Omit<
  Assignment,
  "completed" | "failed" | "tokens" | "costMicros"
> {
  readonly completed: string;
  readonly failed: string;
  readonly tokens: string;
  readonly costMicros: string;
}

const entity = "assignment";
const table = "agent_assignments";

/** Agents at work for a workspace. Written by strategists and owners. */
export class AssignmentClient {
  readonly #ws: Handle;

  constructor(ws: Handle) {
    this.#ws = ws;
  }

  /**
   * Sets an agent to work, for a campaign or the whole workspace. Throws InvalidInput, InvalidReference for an
   * agent or campaign that is not there, Conflict when it is assigned there already or is not active, Forbidden.
   */
  async assign(input: AssignInput, options: WriteOptions = {}): Promise<Written<Assignment>> {
    const parsed = parse(assignInput, input);
    return this.#ws.write(
      {
        operation: { name: "assignments.assign", table },
        queries: [createAssignment(this.#ws, { id: newId(), ...parsed })],
        input,
        settle: ([rows]) => toAssignment(only(rows, entity)),
      },
      options,
    );
  }

  /** Throws NotFound. */
  async get(id: string, options: CallOptions = {}): Promise<Assignment> {
    const target = parse(idInput, id);
    return this.#ws.read(
      {
        operation: { name: "assignments.get", table },
        queries: [getAssignment(this.#ws, target)],
        settle: ([rows]) => toAssignment(only(rows, entity)),
      },
      options,
    );
  }

  /** Assignments, newest first unless sorted otherwise. Throws InvalidInput. */
  list(options: ListAssignmentsInput & CallOptions = {}): List<Assignment> {
    const { signal, timeoutMs, ...input } = options;
    const { filter, sort, ...page } = parse(listAssignmentsInput, input);
    return paged(
      this.#ws,
      {
        operation: { name: "assignments.list", table },
        cursor: { name: "assignments", filter, sort },
        page,
        query: (asked) => listAssignments(this.#ws, filter, { ...asked, sort }),
        keysOf: (row) => [row.cursorAt, row.id],
        keysCount: 2,
        toItem: ({ cursorAt, ...row }) => toAssignment(row),
      },
      { signal, timeoutMs },
    );
  }

  /**
   * Nothing of it is claimed any more; what waits goes on waiting, what runs may finish. Throws
   * IllegalTransition, NotFound, StaleVersion, Forbidden.
   */
  async pause(id: string, options: EditOptions = {}): Promise<Written<Assignment>> {
    return this.#turn("pause", { id, to: "paused" }, options);
  }

  /** Goes on. Throws Conflict when the agent is retired by now, and as `pause`. */
  async resume(id: string, options: EditOptions = {}): Promise<Written<Assignment>> {
    return this.#turn("resume", { id, to: "active" }, options);
  }

  /** Completes it: what waits is cancelled, what runs may finish. Throws as `pause`. */
  async end(id: string, options: EditOptions = {}): Promise<Written<Assignment>> {
    return this.#turn("end", { id, to: "completed" }, options);
  }

  #turn(
    verb: "pause" | "resume" | "end",
    { id, to }: { id: string; to: AssignmentStatus },
    options: EditOptions,
  ): Promise<Written<Assignment>> {
    const target = parse(idInput, id);
    const expectedVersion = versionOf(options.expectedVersion);
    return this.#ws.write(
      {
        operation: { name: `assignments.${verb}`, table },
        holds: to === "completed" ? [holdAssignment(this.#ws, target)] : [],
        queries: [
          setAssignmentStatus(this.#ws, target, { to, expectedVersion }),
          look(this.#ws, table, target),
        ],
        input: target,
        settle: ([rows, found]) => toAssignment(edited(rows, found, { entity, expectedVersion })),
      },
      options,
    );
  }
}

/** The only place where a row becomes an assignment. */
function toAssignment(row: AssignmentRow): Assignment {
  return {
    ...row,
    completed: Number(row.completed),
    failed: Number(row.failed),
    tokens: Number(row.tokens),
    costMicros: Number(row.costMicros),
  };
}
