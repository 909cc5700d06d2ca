import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import pg from "pg";
import { readShapes } from "./differential.ts";
import type { Context, Shape, Values } from "./differential.ts";
import { insertRow, readTables, valuesFor } from "./rows.ts";
import type { Place } from "./rows.ts";

/** Databases, people and rows of an experiment. */
export interface Setting extends AsyncDisposable {
  readonly db: TestDatabase;
  readonly people: Cast;
  readonly admin: pg.Client;
  readonly app: pg.Client;
  readonly worker: pg.Client;
  readonly shapes: readonly Shape[];
  /** By table, a row of A that is not there yet and could be. */
  readonly fresh: Readonly<Record<string, Values>>;
}

const jsonb = pg.types.builtins.JSONB;

/** A database with a row of each workspace in every table. */
export async function makeSetting(alone = false): Promise<Setting> {
  const db = await testDatabase({ own: true });
  const people = await cast(db);
  const admin = await db.connect();
  // As text, so that what was read can be written: the driver makes an array of SQL of a list.
  admin.setTypeParser(jsonb, (text) => text);
  const third = await cast(db);
  const acme: Place = { workspaceId: people.acme, userId: people.ada.userId };
  const places = [acme];
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
  const shapes = await readShapes(admin);
  return {
    db,
    people,
    admin,
    app: await db.connect("codex_api"),
    worker: await db.connect("codex_worker"),
    shapes,
    fresh: await freshRows(admin, acme),
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

// What an insert needs that fails for nothing but what it is tried for.
async function freshRows(
  admin: pg.Client,
  place: Place,
): Promise<Readonly<Record<string, Values>>> {
  const rows: Record<string, Values> = {};
  await admin.query("select set_config('codex.workspace_id', $1, false)", [place.workspaceId]);
  for (const table of await readTables(admin)) {
    if (!table.columns.some(({ name }) => name === "workspace_id")) continue;
    const there = await rowOf(admin, table.name, place.workspaceId);
    rows[table.name] = { ...there, ...(await valuesFor(admin, table, place)) };
  }
  await admin.query("select set_config('codex.workspace_id', '', false)");
  return rows;
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

/** The ways in which a statement may be sent. */
export function contextsOf({ people }: Setting): Context[] {
  const app = (workspace: string, user: string): string =>
    `select codex.set_context('${workspace}', '${user}')`;
  const { acme, globex, ada, ann, bob } = people;
  const unknown = "00000000-0000-4000-8000-000000000000";
  return [
    { name: "member of A", who: "app", set: app(acme, ada.userId) },
    { name: "service in A", who: "worker", set: `select codex.set_service_context('${acme}')` },
    { name: "member of B", who: "app", set: app(globex, bob.userId) },
    { name: "unset", who: "app", set: "select 1" },
    { name: "empty", who: "app", set: "select set_config('codex.workspace_id', '', true)" },
    { name: "malformed", who: "app", set: "select set_config('codex.workspace_id', 'A', true)" },
    { name: "unknown", who: "app", set: app(unknown, ada.userId) },
    { name: "stranger in B", who: "app", set: app(globex, ada.userId) },
    { name: "removed member", who: "app", set: app(acme, ann.userId) },
  ];
}

/** What in B could be recognised elsewhere and is not in A too. */
export async function foreignCanaries(setting: Setting): Promise<string[]> {
  const { people } = setting;
  const own = new Set(await canariesOf(setting, [people.acme]));
  return (await canariesOf(setting, [people.globex])).filter((canary) => !own.has(canary));
}

/** A row of each table in a workspace. */
export async function rowsOf(
  { admin, shapes }: Setting,
  workspaceId: string,
): Promise<Readonly<Record<string, Values>>> {
  const rows: Record<string, Values> = {};
  for (const { name } of shapes) rows[name] = await rowOf(admin, name, workspaceId);
  return rows;
}
