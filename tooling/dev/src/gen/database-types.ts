import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { checkout } from "../checkout.ts";
import { Failure } from "../failure.ts";
import { run } from "../run.ts";

interface Column {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly optional: boolean;
  readonly generated: boolean;
  /** Values that a CHECK allows, when it is a list. */
  readonly allowed: string[] | null;
  /** Whether a CHECK says that the jsonb is an object. */
  readonly object: boolean;
}

// What a jsonb column holds where a CHECK says more than "an object" or "an array": db/src/json.ts.
const shapes: Readonly<Record<string, string>> = {
  "achievements.criteria": "AchievementCriteria",
  "cohorts.decision_criteria": "Shares",
  "cohorts.journey_distribution": "Shares",
  "market_insights.evidence": "readonly EvidenceItem[]",
  "message_architecture.pillars": "readonly Pillar[]",
};
const imported = ["AchievementCriteria", "EvidenceItem", "Json", "JsonObject", "Pillar", "Shares"];

const question = `
  select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type,
    not a.attnotnull as nullable, a.atthasdef or not a.attnotnull as optional,
    a.attgenerated <> '' or a.attidentity = 'a' as generated,
    (
      select array(
        select m[1] from regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') as m)
      from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        and pg_get_constraintdef(k.oid) ~ '= ANY \\(\\(?ARRAY\\['
      limit 1
    ) as allowed,
    exists (
      select from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        and pg_get_constraintdef(k.oid) ~ 'jsonb_typeof\\(.*= ''object'''
    ) as object
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  where c.relnamespace = 'codex'::regnamespace and c.relkind = 'r'
  order by 1, a.attnum`;

/** Row types by kysely-codegen: CHECK lists as unions, jsonb typed, generated columns read-only. */
export async function databaseTypes(client: pg.Client, url: string): Promise<string> {
  const { rows } = await client.query<Column>(question);
  const columns = Object.fromEntries(rows.flatMap(override));
  const folder = await mkdtemp(join(tmpdir(), "codex-types-"));
  const file = join(folder, "database.ts");
  try {
    const { code, stderr, stdout } = await run(
      join(checkout, "tooling/dev/node_modules/.bin/kysely-codegen"),
      [
        "--dialect",
        "postgres",
        "--url",
        url,
        "--out-file",
        file,
        "--default-schema",
        "codex",
        "--include-pattern",
        "codex.*",
        "--date-parser",
        "string",
        "--overrides",
        JSON.stringify({ columns }),
      ],
    );
    if (code !== 0) throw new Failure(`kysely-codegen failed: ${stderr}${stdout}`);
    // Overrides are plain text to kysely-codegen: it imports nothing for them.
    return (await readFile(file, "utf8")).replace(
      /^import type \{ ColumnType \} from "kysely";$/m,
      `$&\n\nimport type { ${imported.join(", ")} } from "../json.ts";`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function override(column: Column): [string, string][] {
  const base = baseType(column);
  if (base === undefined) return [];
  const type = column.nullable ? `${base} | null` : base;
  return [[`${column.table}.${column.column}`, wrap(type, column)]];
}

function baseType(column: Column): string | undefined {
  if (column.allowed !== null) return column.allowed.map((value) => `"${value}"`).join(" | ");
  if (column.type === "jsonb") {
    return shapes[`${column.table}.${column.column}`] ?? (column.object ? "JsonObject" : "Json");
  }
  if (!column.generated) return undefined;
  return column.type === "integer" ? "number" : "string";
}

function wrap(type: string, column: Column): string {
  if (column.generated) return `ColumnType<${type}, never, never>`;
  if (column.type === "jsonb")
    return `ColumnType<${type}, ${column.optional ? "string | undefined" : "string"}, string>`;
  return column.optional && !column.nullable ? `Generated<${type}>` : type;
}
