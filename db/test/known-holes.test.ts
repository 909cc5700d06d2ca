import { hasHole, knownHoles, serverNotes } from "@codex/db";
import { canMakeDatabases, createDatabase, requireTool, startPostgres } from "@codex/testkit";
import type { PostgresServer, TestDatabase } from "@codex/testkit";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// What a probe saw of the rows that are hidden from it; undefined: nothing.
type Probe = (db: TestDatabase, tenant: pg.Client) => Promise<string | undefined>;

const secret = "TOPSECRET";

// What each shows of a hidden row where it is open.
const leaks: Readonly<Record<string, string>> = {
  "CVE-2026-120154": `invalid input syntax for type integer: "${secret}"`,
  "CVE-2026-14666": secret,
  "CVE-2025-8713": secret,
  "CVE-2024-10976": secret,
  "CVE-2023-39418": "merged",
};

const seen = (error: unknown): string | undefined =>
  error instanceof Error && error.message.includes(secret) ? error.message : undefined;

const probes: Readonly<Record<string, Probe>> = {
  "CVE-2026-120154": async (_, tenant) =>
    tenant
      .query(
        `insert into hole.project (tenant, slug, text) values ('a', 'taken', '')
         on conflict (slug) do update set text = '' where project.text::integer = 0`,
      )
      .then(() => undefined, seen),

  "CVE-2026-14666": async (db, tenant) => {
    const ask = { name: "mine", text: "select text from hole.by_role" };
    const before = await tenant.query(ask);
    expect(before.rows).toHaveLength(1);
    await db.admin.query("revoke hole_reader from hole_tenant");
    const fresh = await tenant.query("select text as fresh from hole.by_role");
    expect(fresh.rows).toEqual([]);
    const again = await tenant.query<{ text: string }>(ask);
    return again.rows[0]?.text;
  },

  "CVE-2025-8713": async (_, tenant) => {
    const heard: string[] = [];
    tenant.on("notice", (notice) => heard.push(notice.message ?? ""));
    await tenant.query("explain select from hole.parted where text operator(hole.<<<) 'x'");
    return heard.find((line) => line.includes(secret));
  },

  "CVE-2024-10976": async (_, tenant) => {
    await tenant.query("set role hole_other");
    await tenant.query(
      "prepare below as with x as (select text from hole.by_name) select * from x",
    );
    await tenant.query("execute below");
    await tenant.query("reset role");
    const { rows } = await tenant.query<{ text: string }>("execute below");
    return rows.find(({ text }) => text === secret)?.text;
  },

  "CVE-2023-39418": async (db, tenant) => {
    await tenant
      .query(
        `merge into hole.project p using (values ('taken')) v (slug) on p.slug = v.slug
         when matched then update set text = 'merged'
         when not matched then do nothing`,
      )
      .catch(() => {});
    const { rows } = await db.admin.query<{ text: string }>(
      "select text from hole.project where tenant = 'b'",
    );
    return rows[0]?.text === secret ? undefined : rows[0]?.text;
  },
};

// Tables as Codex has none: a unique rule across tenants, a policy by role, one by the role's name.
const scene = `
  create role hole_reader;
  create role hole_other;
  create role hole_tenant login in role hole_reader, hole_other;
  create schema hole;
  grant usage on schema hole to hole_tenant, hole_other;

  create table hole.project (tenant text, slug text unique, text text);
  insert into hole.project values ('b', 'taken', '${secret}');
  alter table hole.project enable row level security;
  create policy own on hole.project to hole_tenant using (tenant = 'a') with check (tenant = 'a');
  grant select, insert, update on hole.project to hole_tenant;

  create table hole.by_role (text text);
  insert into hole.by_role values ('${secret}');
  alter table hole.by_role enable row level security;
  create policy readers on hole.by_role to hole_reader using (true);
  grant select on hole.by_role to hole_tenant;

  create table hole.by_name (owner text, text text);
  insert into hole.by_name values ('hole_other', '${secret}');
  alter table hole.by_name enable row level security;
  create policy named on hole.by_name using (owner = current_user);
  grant select on hole.by_name to hole_tenant, hole_other;

  create table hole.parted (tenant text, text text) partition by list (tenant);
  create table hole.parted_b partition of hole.parted for values in ('b');
  insert into hole.parted select 'b', '${secret}' from generate_series(1, 100);
  alter table hole.parted enable row level security;
  create policy own on hole.parted to hole_tenant using (tenant = 'a');
  grant select on hole.parted, hole.parted_b to hole_tenant;
  analyze hole.parted;
  create function hole.tell(text, text) returns boolean language plpgsql immutable
    as $$ begin raise notice '%', $1; return true; end $$;
  create operator hole.<<< (leftarg = text, rightarg = text, function = hole.tell, restrict = scalarltsel);
`;

const majors = [15, 16, 17, 18] as const;

interface Which {
  readonly major: (typeof majors)[number];
  readonly debian?: boolean;
}

describe.runIf(canMakeDatabases())("known holes of PostgreSQL's row security", () => {
  it("have a probe each, and what it sees", () => {
    const ids = knownHoles.map(({ id }) => id).toSorted();
    expect(Object.keys(probes).toSorted()).toEqual(ids);
    expect(Object.keys(leaks).toSorted()).toEqual(ids);
  });

  it("are named in the warning about a server that has them, and in no other", () => {
    expect(serverNotes(150_018).warnings).toEqual([
      expect.stringMatching(/upgrade to 15\.20\. .*CVE-2026-120154.*CVE-2026-14666/),
    ]);
    expect(serverNotes(150_018).warnings[0]).not.toContain("CVE-2025-8713");
    expect(
      [150_020, 160_016, 170_012, 180_006].map((version) => serverNotes(version).warnings),
    ).toEqual([[], [], [], []]);
  });

  // npm's servers are below the floor of the newest holes; Debian's has closed them.
  const servers = [
    ...majors.map((major) => [`npm's ${major}`, { major }] as const),
    ["Debian's 15", { major: 15, debian: true }] as const,
  ];
  describe.each(servers)("on %s", (_, { major, debian = false }: Which) => {
    let server: PostgresServer;
    let version: number;
    beforeAll(async () => {
      const installed = debian ? { installed: join(requireTool("postgres"), "../..") } : {};
      server = await startPostgres({ major, ...installed });
      await using db = await createDatabase(server);
      const { rows } = await db.admin.query<{ v: number }>(
        "select current_setting('server_version_num')::integer as v",
      );
      version = rows[0]?.v ?? 0;
    });
    afterAll(() => server.stop());

    // What the probe of a hole sees, with row security or past it.
    async function probe(id: string, past = false): Promise<string | undefined> {
      await using db = await createDatabase(server);
      await db.admin.query(scene);
      const password = pg.escapeLiteral(server.address.password);
      await db.admin.query(
        `alter role hole_tenant password ${password} ${past ? "bypassrls" : "nobypassrls"}`,
      );
      try {
        return await probes[id]?.(db, await db.connect("hole_tenant"));
      } finally {
        await db.admin.query(
          "drop schema hole cascade; drop role hole_tenant, hole_other, hole_reader",
        );
      }
    }

    it.each(knownHoles.map((hole) => [hole.id, hole] as const))("%s", async (id, hole) => {
      expect(await probe(id)).toBe(hasHole(hole, version) ? leaks[id] : undefined);
    });

    // A server with the older holes is nowhere to be had, so that their probes show here that they see.
    const others = knownHoles.filter(({ id }) => id !== "CVE-2026-14666").map(({ id }) => id);
    it.each(others)("%s is seen past row security", async (id) => {
      expect(await probe(id, true)).toBe(leaks[id]);
    });
  });
});
