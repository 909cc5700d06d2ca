import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** First value of a CHECK list, when there is one. */
  readonly allowed: string | null;
  /** Table that a foreign key over this column leads to, and the column there. */
  readonly target: string | null;
  readonly targetColumn: string | null;
}

/** A table and the columns that a row of it needs. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

const question = `
  select c.relname as name, json_agg(json_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'required', a.attnotnull and not a.atthasdef and a.attidentity = '',
    'allowed', (
      select (regexp_match(pg_get_constraintdef(k.oid), '''([^'']*)''::text'))[1]
      from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        and pg_get_constraintdef(k.oid) ~ '= ANY'
      limit 1),
    'target', f.target, 'targetColumn', f.column
  ) order by a.attnum) as columns
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join lateral (
    select t.relname as target, b.attname as column
    from pg_constraint k
    join pg_class t on t.oid = k.confrelid
    cross join lateral unnest(k.conkey, k.confkey) as pair (here, there)
    join pg_attribute b on b.attrelid = k.confrelid and b.attnum = pair.there
    where k.conrelid = c.oid and k.contype = 'f' and pair.here = a.attnum
      and a.attname <> 'workspace_id'
    -- The table that the column names, not the row beside its own that a longer key goes through.
    order by cardinality(k.conkey), k.conname
    limit 1
  ) f on true
  where c.relnamespace = 'codex'::regnamespace and c.relkind = 'r'
  group by c.relname`;

/** Every table of the schema, referenced ones first. */
export async function readTables(client: pg.ClientBase | pg.Pool): Promise<Table[]> {
  const { rows } = await client.query<Table>(question);
  const sorted: Table[] = [];
  while (sorted.length < rows.length) {
    const ready = rows
      .filter((table) => !sorted.includes(table))
      .filter((table) =>
        table.columns.every(
          ({ required, target }) =>
            !required ||
            target === null ||
            target === table.name ||
            sorted.some((done) => done.name === target),
        ),
      );
    if (ready.length === 0) throw new Error("the required foreign keys form a cycle");
    sorted.push(...ready);
  }
  return sorted;
}

/** Where a row goes and who it is about. */
export interface Place {
  readonly workspaceId: string;
  readonly userId: string;
}

// What no catalog can tell: shapes that CHECKs ask for, and whose rows the policies show.
const special: Readonly<Record<string, (place: Place) => Record<string, unknown>>> = {
  alert_silences: () => ({
    matchers: '[{ "label": "team", "op": "is", "value": "ads" }]',
    ends_at: new Date(Date.now() + 3_600_000).toISOString(),
  }),
  api_keys: ({ userId }) => ({ user_id: userId, prefix: "cdx_test" }),
  experiments: () => ({ variants: '["a", "b"]' }),
  idempotency_keys: ({ userId }) => ({ user_id: userId }),
  onboarding_responses: ({ userId }) => ({ user_id: userId }),
  announcements: () => ({ dedup_key: words() }),
  user_notifications: () => ({ dedup_key: words() }),
  support_feedback: () => ({ external_id: words() }),
  outbox_events: () => ({ type: "test.created", number: 900_000 }),
  leaderboard_scores: () => ({ board: "all" }),
  points_ledger: ({ userId }) => ({ user_id: userId, source: "adjustment" }),
  signal_feeds: () => ({ url: `https://feeds.example.org/${randomUUID()}` }),
  stream_tickets: ({ userId }) => ({ user_id: userId }),
  webhook_endpoints: () => ({
    url: "https://hooks.example.org/codex",
    secret: `whsec_${randomBytes(24).toString("base64")}`,
  }),
  workspace_invitations: () => ({ email: "somebody@example.org" }),
  audit_events: () => ({ action: "insert" }),
  agent_performance: () => ({ hour: "2026-01-01T00:00:00Z" }),
  agent_registry: () => ({
    name: `agent ${randomUUID()}`,
    guild: "council_of_lords",
    agent_type: "lord",
    status: "active",
  }),
  maneuver_types: () => ({ key: words() }),
  journey_stages: () => ({ key: words(), sort_order: number() }),
  channel_roles: () => ({ key: words(), sort_order: number() }),
};

/** The values of one valid row of a table, made from the catalog, with what it refers to read first. */
export async function valuesFor(
  client: pg.ClientBase,
  table: Table,
  place: Place,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const column of table.columns) {
    if (column.required) values[column.name] = await valueOf(client, column, place);
  }
  if (table.name === "quest_dependencies")
    values["depends_on_id"] = await anotherQuest(client, String(values["quest_id"]));
  if (table.name === "signal_links")
    values["cohort_id"] = await referred(client, "cohorts", { column: "id", place });
  return { ...values, ...special[table.name]?.(place) };
}

/** A quest beside the one given, in its campaign: a quest cannot wait for itself. */
async function anotherQuest(client: pg.ClientBase, questId: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into codex.campaign_quests (workspace_id, campaign_id, name)
     select workspace_id, campaign_id, 'Beside' from codex.campaign_quests where id = $1
     returning id`,
    [questId],
  );
  return rows[0]?.id ?? "";
}

/** Inserts a row of those values. */
export async function insertRow(
  client: pg.ClientBase,
  table: Table,
  values: Record<string, unknown>,
): Promise<void> {
  const names = Object.keys(values);
  await client.query(
    `insert into codex.${table.name} (${names.join(", ")})
     values (${names.map((_, at) => `$${at + 1}`).join(", ")})`,
    Object.values(values),
  );
}

async function valueOf(client: pg.ClientBase, column: Column, place: Place): Promise<unknown> {
  if (column.name === "workspace_id") return place.workspaceId;
  if (column.target === "user_workspaces") return place.userId;
  if (column.target !== null && column.targetColumn !== null) {
    return referred(client, column.target, { column: column.targetColumn, place });
  }
  return column.allowed ?? plainValue(column.type);
}

async function referred(
  client: pg.ClientBase,
  table: string,
  { column, place }: { column: string; place: Place },
): Promise<unknown> {
  const { rows: tenant } = await client.query(
    "select from information_schema.columns where table_schema = 'codex' and table_name = $1 and column_name = 'workspace_id'",
    [table],
  );
  const where = tenant.length === 0 ? "" : `where workspace_id = '${place.workspaceId}'`;
  const { rows } = await client.query<{ value: unknown }>(
    `select ${column} as value from codex.${table} ${where} limit 1`,
  );
  if (rows[0] === undefined) throw new Error(`no row of ${table} to refer to`);
  return rows[0].value;
}

function plainValue(type: string): unknown {
  switch (type) {
    case "text":
      return `x${randomUUID().slice(0, 8)}`;
    case "uuid":
      return randomUUID();
    case "integer":
    case "bigint":
      return 1;
    case "date":
      return "2026-01-01";
    case "timestamp with time zone":
      return "2026-01-01T00:00:00Z";
    case "bytea":
      return randomBytes(32);
    case "jsonb":
      return "{}";
    case "bigint[]":
      return [1];
    case "text[]":
      return ["x"];
    default:
      throw new Error(`no value is known for ${type}`);
  }
}

function words(): string {
  return randomUUID().replaceAll(/[^a-f]/g, "") + "key";
}

function number(): number {
  return randomBytes(3).readUIntBE(0, 3) + 1_000;
}
