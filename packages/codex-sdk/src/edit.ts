import { sql } from "kysely";
import { z } from "zod";
import { build, statement, template } from "./builder.ts";
import type { Query } from "./builder.ts";
import { CodexError, notFound } from "./errors.ts";
import type { Handle } from "./handle.ts";
import { parse, version } from "./input.ts";
import type { EditOptions } from "./options.ts";

const expected = z.strictObject({ expectedVersion: version.optional() });

/** Tables whose rows have an id and a version. */
type Versioned =
  | "achievements"
  | "agent_assignments"
  | "api_keys"
  | "campaign_quests"
  | "campaigns"
  | "cohorts"
  | "intelligence_signals"
  | "market_insights"
  | "message_architecture"
  | "positioning"
  | "signal_feeds"
  | "workspace_invitations";

/** Tables whose rows a function of the database changes for whoever has read them. */
type ChangedByFunction =
  | "achievements"
  | "agent_executions"
  | "campaign_quests"
  | "intelligence_signals"
  | "market_insights"
  | "message_architecture"
  | "positioning"
  | "webhook_endpoints";

interface Key {
  readonly workspaceId: string;
  readonly id: string;
}

const looks = new Map<Versioned, (key: Key) => Query<Found>>();

/** Looks beside an edit whether its row is there; in the same write. */
export function look(ws: Handle, table: Versioned, id: string): Query<Found> {
  const known = looks.get(table) ?? lookInto(table);
  looks.set(table, known);
  return known({ workspaceId: ws.workspaceId, id });
}

function lookInto(table: Versioned): (key: Key) => Query<Found> {
  return template((key: Key) =>
    build
      .selectFrom(table)
      .select("version")
      .where("workspace_id", "=", key.workspaceId)
      .where("id", "=", key.id),
  );
}

/**
 * What a call to such a function holds when its caller expects a version: the row, with the locks that the function
 * takes before it. StaleVersion comes from there, and nothing is changed.
 */
export function holdVersion(
  ws: Handle,
  { table, id }: { table: ChangedByFunction; id: string },
  { expectedVersion }: EditOptions,
): Query[] {
  const known = versionOf(expectedVersion);
  if (known === undefined) return [];
  const required = statement(sql`
    select codex.require_version(${ws.workspaceId}::uuid, ${table}, ${id}::uuid,
      ${known}::integer)`);
  return [required];
}

/** The version that a caller expects, if they expect one. Throws InvalidInput for what none can be. */
export function versionOf(expectedVersion: number | undefined): number | undefined {
  return parse(expected, { expectedVersion }).expectedVersion;
}

/** An edit that is of one table, of the version that its caller expects, if they expect one: `$call(atVersion(…))`. */
export function atVersion(
  expectedVersion: number | undefined,
): <Edit extends AtVersion<Edit>>(edit: Edit) => Edit {
  return (edit) =>
    expectedVersion === undefined ? edit : edit.where("version", "=", expectedVersion);
}

interface AtVersion<Edit> {
  where(column: "version", operator: "=", value: number): Edit;
}

/** What a look beside an edit tells when the edit changed nothing. */
export interface Found {
  readonly version: number;
}

/** The row of an edit, or why there is none: it is not there, it has moved on, or the role forbids it. */
export function edited<Row>(
  rows: readonly Row[],
  found: readonly Found[],
  { entity, expectedVersion }: { entity: string; expectedVersion?: number | undefined },
): Row {
  const [row] = rows;
  if (row !== undefined) return row;
  const [there] = found;
  if (there === undefined) throw notFound(entity);
  if (expectedVersion !== undefined && there.version !== expectedVersion)
    throw new CodexError("StaleVersion", `the ${entity} has changed meanwhile`, {
      entity,
      currentVersion: there.version,
    });
  // The row is seen and yet not changed: row-level security let it be read only.
  throw new CodexError("Forbidden", "the role of this member does not allow it");
}

/** The first row, or NotFound. */
export function only<Row>(rows: readonly Row[], entity: string): Row {
  const [row] = rows;
  if (row === undefined) throw notFound(entity);
  return row;
}
