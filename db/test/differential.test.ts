import { canMakeDatabases, cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, mask, readShapes, trialsFor } from "./support/differential.ts";
import type { Leak, Shape, Trial, Values } from "./support/differential.ts";
import { isFull } from "./support/env.ts";
import { insertRow, readTables, valuesFor } from "./support/rows.ts";
import type { Place } from "./support/rows.ts";

const modes = ["auto", "force_generic_plan", "force_custom_plan"] as const;

// What a context does not concern, and what a role without the right says before any row is looked at.
const refusedBefore = new Set(["KX001", "KX003", "22P02", "42501", "0A000"]);

/** Databases, people and rows of an experiment. */
interface Setting extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly people: Cast;
  readonly admin: pg.Client;
  readonly app: pg.Client;
  readonly worker: pg.Client;
  readonly shapes: readonly Shape[];
}

/** A database with a row of each workspace in every table. */
async function makeSetting(alone = false): Promise<Setting> {
  const db = await testDatabase({ own: true });
  const people = await cast(db);
  const admin = await db.connect();
  const third = await cast(db);
  const places: Place[] = [{ workspaceId: people.acme, userId: people.ada.userId }];
  if (!alone) {
    places.push({ workspaceId: people.globex, userId: people.bob.userId });
    places.push({ workspaceId: third.globex, userId: third.bob.userId });
  } else {
    // The world of acme alone: the others are gone, with everything in them.
    for (const id of [people.globex, third.acme, third.globex])
      await admin.query("select codex.purge_workspace($1)", [id]);
  }
  for (const place of places) await fill(admin, place);
  await people.service.query(
    people.acme,
    "update codex.user_workspaces set removed_at = now() where user_id = $1",
    [people.ann.userId],
  );
  return {
    db,
    people,
    admin,
    app: await db.connect("codex_api"),
    worker: await db.connect("codex_worker"),
    shapes: await readShapes(admin),
    [Symbol.asyncDispose]: () => db[Symbol.asyncDispose](),
  };
}

async function fill(admin: pg.Client, place: Place): Promise<void> {
  await admin.query("select set_config('codex.workspace_id', $1, false)", [place.workspaceId]);
  const made = new Set(["workspaces", "user_profiles", "user_workspaces", "workspace_slugs"]);
  for (const table of await readTables(admin)) {
    if (made.has(table.name)) continue;
    const values = await valuesFor(admin, table, place);
    await insertRow(admin, table, values).catch((error: unknown) => {
      // A counter, a member's figures, an entry of a registry: there already.
      if ((error as pg.DatabaseError).code !== "23505") throw error;
    });
  }
  await admin.query("select set_config('codex.workspace_id', '', false)");
}

async function rowOf(admin: pg.Client, table: string, workspaceId: string): Promise<Values> {
  const { rows } = await admin.query<Values>(
    `select * from codex.${table} where workspace_id = $1 limit 1`,
    [workspaceId],
  );
  return rows[0] ?? {};
}

/** Everything of a workspace that could be recognised elsewhere. */
async function canariesOf({ admin, shapes }: Setting, ids: readonly string[]): Promise<string[]> {
  const found = new Set<string>(ids);
  for (const { name } of shapes) {
    const { rows } = await admin.query<Values>(
      `select * from codex.${name} where workspace_id = any ($1)`,
      [ids],
    );
    for (const value of rows.flatMap((row) => Object.values(row)))
      if (typeof value === "string" && /^x[0-9a-f]{8}$|^[0-9a-f-]{36}$/u.test(value))
        found.add(value);
  }
  return [...found];
}

async function checksums(setting: Setting, ids: readonly string[]): Promise<string> {
  const parts = setting.shapes.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum
       from codex.${name} t where workspace_id = any ($1)`,
  );
  const { rows } = await setting.admin.query(parts.join(" union all "), [ids]);
  return JSON.stringify(rows);
}

/** The ways in which a statement may be sent: who, and with which workspace. */
function contextsOf({ people }: Setting, removed: string): [string, "app" | "worker", string][] {
  const app = (workspace: string, user: string): string =>
    `select codex.set_context('${workspace}', '${user}')`;
  const { acme, globex, ada, bob } = people;
  const unknown = "00000000-0000-4000-8000-000000000000";
  return [
    ["member of A", "app", app(acme, ada.userId)],
    ["service in A", "worker", `select codex.set_service_context('${acme}')`],
    ["member of B", "app", app(globex, bob.userId)],
    ["unset", "app", "select 1"],
    ["empty", "app", "select set_config('codex.workspace_id', '', true)"],
    ["malformed", "app", "select set_config('codex.workspace_id', 'A', true)"],
    ["unknown", "app", app(unknown, ada.userId)],
    ["stranger in B", "app", app(globex, ada.userId)],
    ["removed member", "app", app(acme, removed)],
  ];
}

interface Outcome {
  cases: number;
  readonly leaks: Leak[];
}

/** Tries every statement in every context and mode, and looks for anything of B that shows. */
async function differential(setting: Setting, only?: string): Promise<Outcome> {
  const { people, admin, shapes } = setting;
  const canaries = await canariesOf(setting, [people.globex]);
  const own = new Set(await canariesOf(setting, [people.acme]));
  const foreign = canaries.filter((canary) => !own.has(canary));
  const outcome: Outcome = { cases: 0, leaks: [] };
  const rowsOfB: Record<string, Values> = {};
  for (const { name } of shapes) rowsOfB[name] = await rowOf(admin, name, people.globex);
  for (const shape of shapes) {
    if (only !== undefined && shape.name !== only) continue;
    const mine = await rowOf(admin, shape.name, people.acme);
    for (const [at, trial] of trialsFor(shape, mine, rowsOfB).entries()) {
      for (const [place, context] of contextsOf(setting, people.ann.userId).entries()) {
        // A sample is one mode for each, in turns.
        const tried = isFull ? modes : [modes[(at + place) % modes.length] ?? "auto"];
        for (const mode of tried) {
          outcome.cases += 1;
          const leak = await tryOne(setting, { shape, trial, mode, context, at }, foreign);
          if (leak !== undefined)
            outcome.leaks.push({
              table: shape.name,
              form: trial.form,
              context: context[0],
              mode,
              what: leak,
            });
        }
      }
    }
  }
  return outcome;
}

interface Case {
  readonly shape: Shape;
  readonly trial: Trial;
  readonly mode: (typeof modes)[number];
  readonly context: [string, "app" | "worker", string];
  readonly at: number;
}

async function tryOne(
  setting: Setting,
  { shape, trial, mode, context: [context, who, set], at }: Case,
  canaries: readonly string[],
): Promise<string | undefined> {
  const client = setting[who];
  const opening = `begin; set local plan_cache_mode = ${mode}; ${set}`;
  const query = (
    values: readonly unknown[],
  ): { name: string; text: string; values: unknown[] } => ({
    name: `${shape.name} ${at} ${mode}`.slice(-60),
    text: trial.sql,
    values: [...values],
  });
  const { raw, answer } = await answerTo(client, opening, query(trial.foreign));
  // Whoever is in B sees B: this is what the others must not see.
  if (context === "member of B") return undefined;
  const shown = canaries.find(
    (canary) => raw.includes(canary) && !trial.foreign.some((value) => value === canary),
  );
  if (shown !== undefined) return `shows ${shown}`;
  if (context === "member of A" || context === "service in A") {
    const absent = await answerTo(client, opening, query(trial.absent));
    const same = absent.answer.text === answer.text && absent.answer.rows === answer.rows;
    return same ? undefined : `differs: ${answer.text} and for nothing ${absent.answer.text}`;
  }
  return refusedBefore.has(answer.code ?? "") ? undefined : `answers ${answer.text.slice(0, 200)}`;
}

/** A sees exactly A's rows: a schema that shows nobody anything would pass everything else. */
async function hiddenRows({ admin, people, shapes }: Setting): Promise<string[]> {
  const hidden: string[] = [];
  for (const { name } of shapes) {
    const { rows: all } = await admin.query<{ n: string }>(
      `select count(*) as n from codex.${name} where workspace_id = $1`,
      [people.acme],
    );
    const { rows: may } = await admin.query<{ may: boolean }>(
      "select has_table_privilege('codex_service', $1, 'select') as may",
      [`codex.${name}`],
    );
    if (may[0]?.may !== true) continue;
    const seen = await people.service.query<{ n: string }>(
      people.acme,
      `select count(*) as n from codex.${name}`,
    );
    if (seen[0]?.n !== all[0]?.n) hidden.push(name);
  }
  return hidden;
}

describe.runIf(canMakeDatabases())("two workspaces in one database", () => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await makeSetting();
  });
  afterAll(() => setting?.[Symbol.asyncDispose]());

  it("cannot be told from one, by any statement on any table", { timeout: 300_000 }, async () => {
    const { people } = setting;
    expect(setting.shapes.length).toBeGreaterThan(50);
    const before = await checksums(setting, [people.globex]);
    const { cases, leaks } = await differential(setting);
    console.info(
      `${cases} cases, ${leaks.length} leaks, bound 3/N = ${(3 / cases).toExponential(1)}`,
    );
    expect(leaks).toEqual([]);
    expect(cases).toBeGreaterThan(isFull ? 30_000 : 10_000);
    expect(await checksums(setting, [people.globex])).toBe(before);
    expect(await hiddenRows(setting)).toEqual([]);
  });

  const plants: [fault: string, sql: string][] = [
    ["row-level security is off", "alter table codex.campaigns disable row level security"],
    [
      "a policy is widened",
      `drop policy workspace_isolation on codex.campaigns;
       alter policy select_viewer on codex.campaigns using (true)`,
    ],
    [
      "a policy is added without the tenant",
      `drop policy workspace_isolation on codex.campaigns;
       create policy all_open on codex.campaigns for all to codex_service using (true) with check (true)`,
    ],
    [
      "a foreign key names the id alone",
      `alter table codex.campaigns drop constraint campaigns_positioning_id_fkey;
       alter table codex.positioning add constraint positioning_id_key unique (id);
       alter table codex.campaigns add constraint campaigns_positioning_id_fkey
         foreign key (positioning_id) references codex.positioning (id)`,
    ],
    [
      "a unique rule leaves the workspace out",
      `create unique index campaigns_id_key on codex.campaigns (id)`,
    ],
    [
      "the context is left on the connection",
      `alter role codex_api in database DATABASE set codex.workspace_id = 'ACME'`,
    ],
  ];
  it.each(plants)("would show that %s", async (_, sql) => {
    await using faulty = await makeSetting();
    await faulty.admin.query(
      sql.replace("DATABASE", faulty.db.name).replace("ACME", faulty.people.acme),
    );
    const again = { ...faulty, app: await faulty.db.connect("codex_api") };
    const { leaks } = await differential(again, "campaigns");
    expect(leaks.length).toBeGreaterThan(0);
  });

  it("would show that a policy is missing, since a member then misses rows", async () => {
    await using faulty = await makeSetting();
    await faulty.admin.query("drop policy all_service on codex.campaigns");
    expect(await hiddenRows(faulty)).toEqual(["campaigns"]);
  });

  it("say the same to one as if the others were not there", { timeout: 120_000 }, async () => {
    await using alone = await makeSetting(true);
    const [crowded, lonely] = [await transcript(setting), await transcript(alone)];
    expect(crowded.length).toBeGreaterThan(300);
    expect(crowded).toEqual(lonely);
  });
});

/** What a member of A and background work in A are told by a script over every table. */
async function transcript(setting: Setting): Promise<string[]> {
  const { people, admin, shapes } = setting;
  const lines: string[] = [];
  const contexts = [
    ["app", `select codex.set_context('${people.acme}', '${people.ada.userId}')`],
    ["worker", `select codex.set_service_context('${people.acme}')`],
  ] as const;
  for (const shape of shapes) {
    const mine = await rowOf(admin, shape.name, people.acme);
    const columns = shape.columns;
    for (const [who, set] of contexts) {
      const ask = async (form: string, text: string, values: unknown[] = []): Promise<void> => {
        const name = "";
        const { raw, answer } = await answerTo(setting[who], `begin; ${set}`, {
          name,
          text,
          values,
        });
        lines.push(
          `${shape.name} ${who} ${form}: ${answer.code ?? ""} ${answer.rows} ${
            form === "rows" ? shapeOfRows(raw) : mask(answer.text)
          }`,
        );
      };
      await ask("rows", `select * from codex.${shape.name}`);
      await ask("count", `select count(*)::integer as n from codex.${shape.name}`);
      await ask(
        "again",
        `insert into codex.${shape.name} (${columns.join(", ")}) values (${columns.map((_, at) => `$${at + 1}`).join(", ")})`,
        columns.map((column) => mine[column]),
      );
      await ask("touch", `update codex.${shape.name} set updated_at = now()`);
      await ask("delete", `delete from codex.${shape.name} where workspace_id = $1`, [people.acme]);
    }
  }
  return lines;
}

/** Numbers of rows and columns say enough; counters within them depend on the history of the table. */
function shapeOfRows(text: string): string {
  const rows = JSON.parse(text) as unknown;
  return Array.isArray(rows) ? rows.map((row) => Object.keys(row ?? {}).join()).join("|") : text;
}
