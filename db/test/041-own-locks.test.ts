import { cast, testDatabase } from "@codex/testkit";
import type { Cast, Person, Row, TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { insertId } from "./support/domain.ts";

// In this database every lock that a function would take is refused instead, whoever asks for it: so it is seen.
const taken = "KXLOK";
// They are how one comes into a workspace: the lock that keeps a purge away comes before the look at who asks.
const entrances = ["accept_invitation", "purge_workspace"];

let db: TestDatabase;
let people: Cast;
let agent: string;
let assignment: string;
let quest: string;
beforeAll(async () => {
  db = await testDatabase();
  people = await cast(db);
  const { rows } = await db.admin.query<{ id: string }>(
    `insert into codex.agent_registry (name, guild, agent_type, status)
     values ('own-locks', 'research', 'researcher', 'active') returning id`,
  );
  agent = rows[0]?.id ?? "";
  assignment = await insertId(
    people.bob,
    "insert into codex.agent_assignments (workspace_id, agent_id) values ($1, $2) returning id",
    [agent],
  );
  const campaign = await insertId(
    people.bob,
    "insert into codex.campaigns (workspace_id, name) values ($1, 'C') returning id",
  );
  quest = await insertId(
    people.bob,
    `insert into codex.campaign_quests (workspace_id, campaign_id, name)
     values ($1, $2, 'Q') returning id`,
    [campaign],
  );
  await spy();
});
afterAll(() => db[Symbol.asyncDispose]());

/** Puts a refusal in the place of each advisory lock, but for those of the entrances. */
async function spy(): Promise<void> {
  await db.admin.query(`
    create function codex.spy(p_key bigint) returns boolean language plpgsql as
      $$ begin raise exception 'locks %', p_key using errcode = '${taken}'; end $$;
    grant execute on function codex.spy(bigint) to public;
    do $$
    declare
      v_definition text;
    begin
      for v_definition in
        select pg_get_functiondef(oid) from pg_proc
        where pronamespace = 'codex'::regnamespace and prosrc ~ 'advisory_xact_lock'
          and proname !~ '^set_.*context' and proname <> all ('{${entrances.join()}}')
      loop
        execute regexp_replace(
          v_definition, 'pg_(try_)?advisory_xact_lock(_shared)?\\(', 'codex.spy(', 'g');
      end loop;
    end
    $$`);
}

/** Functions that take a workspace and lock, themselves or by what they call, and that people may call. */
async function lockers(): Promise<Row[]> {
  const { rows } = await db.admin.query<Row>(
    `with recursive f as (
       select oid, proname, prosrc, proargtypes from pg_proc where pronamespace = 'codex'::regnamespace
     ), locking as (
       select oid, proname from f where prosrc ~ 'codex\\.spy\\(' and proname <> 'spy'
       union
       select f.oid, f.proname from locking
       join f on f.prosrc ~ ('codex\\.' || locking.proname || '\\(')
     )
     select p.proname as name, array(
         select format_type(type, null) from unnest(p.proargtypes[1:]) with ordinality as t (type, n)
         order by n) as types
     from locking
     join pg_proc p using (oid)
     where p.prorettype <> 'trigger'::regtype and p.proargnames[1] = 'p_workspace_id'
       and p.proname <> all ($1) and has_function_privilege('codex_app', p.oid, 'execute')
     order by 1`,
    [entrances],
  );
  return rows;
}

/** The code of the error that a call ends with. */
async function codeOf(person: Person, sql: string, params: readonly unknown[]): Promise<unknown> {
  try {
    await person.query(sql, params);
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

describe("a lock", () => {
  it("of another workspace is neither taken nor waited for by any function", async () => {
    const found = await lockers();
    const names = found.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["hold_inbox", "hold_points", "start_execution"]));
    const answers = await answersTo(found);
    expect(answers).toEqual(names.map((name) => [name, "KX003"]));
  });

  it("that a function takes before it looks at the workspace is found", async () => {
    await db.admin.query(`
      create function codex.careless(p_workspace_id uuid) returns void language plpgsql as
        $$ begin perform codex.spy(1); perform codex.require_workspace(p_workspace_id); end $$;
      grant execute on function codex.careless(uuid) to codex_app`);
    const found = (await lockers()).filter(({ name }) => name === "careless");
    expect(await answersTo(found)).toEqual([["careless", taken]]);
    await db.admin.query("drop function codex.careless(uuid)");
  });

  async function answersTo(found: readonly Row[]): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const { name, types } of found) {
      const rest = (types as string[]).map((type) => `, null::${type}`).join("");
      const sql = `select codex.${String(name)}($1${rest})`;
      answers.push([name, await codeOf(people.ada, sql, [people.globex])]);
    }
    return answers;
  }

  it("of one's own workspace is taken, so that the spy sees", async () => {
    const { bob } = people;
    for (const [sql, params] of [
      ["select codex.lock_tree($1::uuid::text)", []],
      ["select codex.hold_inbox($1)", []],
      ["select codex.hold_performance($1, $2)", [agent]],
      ["select codex.hold_points($1, array[$2]::uuid[])", [bob.userId]],
      ["select codex.hold_assignment($1, $2)", [assignment]],
      ["select codex.hold_quest_tree($1, $2)", [quest]],
      ["select codex.start_execution($1, gen_random_uuid(), $2, '{}')", [assignment]],
    ] as const)
      expect(await codeOf(bob, sql, [people.globex, ...params]), sql).toBe(taken);
  });

  it("of what is not there in one's own workspace is not taken", async () => {
    const { ada } = people;
    for (const id of [assignment, randomUUID()])
      expect(
        await codeOf(ada, "select codex.hold_assignment($1, $2)", [people.acme, id]),
      ).toBeUndefined();
    for (const id of [quest, randomUUID()])
      expect(
        await codeOf(ada, "select codex.hold_quest_tree($1, $2)", [people.acme, id]),
      ).toBeUndefined();
    for (const id of [assignment, randomUUID()])
      expect(
        await codeOf(ada, "select codex.start_execution($1, gen_random_uuid(), $2, '{}')", [
          people.acme,
          id,
        ]),
      ).toBe("KX008");
    const there = await people.bob.query(
      "select from codex.agent_assignments where workspace_id = $1 and id = $2",
      [people.globex, assignment],
    );
    expect(there).toHaveLength(1);
  });

  it("of a tree is another in each workspace, and there is none without one", async () => {
    const keyOf = async (person: Person): Promise<unknown> => {
      const refusal = await person.query("select codex.lock_tree('campaigns')").then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      return refusal?.message;
    };
    expect(await keyOf(people.ada)).toMatch(/^locks/);
    expect(await keyOf(people.ada)).not.toBe(await keyOf(people.bob));
    const client = await db.connect();
    try {
      await expect(client.query("select codex.lock_tree('campaigns')")).rejects.toMatchObject({
        code: "KX001",
      });
    } finally {
      await client.end();
    }
  });
});
