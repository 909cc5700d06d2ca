import { canMakeDatabases } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, codeOf, procedures } from "./support/call.ts";
import { examples, idPaths, makeThings, valueAt, withValue } from "./support/examples.ts";
import type { Things } from "./support/examples.ts";
import type { ProcedureContract } from "../src/contract/contract.ts";
import { isFull } from "./support/env.ts";
import type { Answer } from "./support/http.ts";
import { makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

const roles = ["viewer", "analyst", "creator", "strategist", "owner"] as const;

/** One of the ways in which somebody of A, or somebody who is nobody there, may call. */
interface Credential {
  readonly name: string;
  readonly token: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

// Every procedure × credential × id-shaped input; what is added to the router is tried by itself. A sample
// is every sixth credential for a procedure, in turns.
const isTried = (procedure: ProcedureContract, at: number): boolean =>
  isFull || (at + procedures.indexOf(procedure)) % 6 === 0;

describe.runIf(canMakeDatabases())("two workspaces behind one server", () => {
  let world: ApiWorld;
  let theirs: Things;
  /** As they were made; undefined once a call has changed something. */
  let mine: Things | undefined;
  let before: string;
  let idsOfB: Set<string>;
  let shared: Set<string>;
  let credentials: readonly Credential[];
  let cases = 0;
  beforeAll(async () => {
    world = await makeApiWorld({}, { own: true });
    const { codex, globex } = world;
    theirs = await makeThings(codex, globex);
    credentials = await credentialsOfA(world);
    shared = await idsOfRegistry(world);
    idsOfB = (await idsOf(world, globex.id)).difference(shared);
    before = await checksum(world, globex.id);
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it.each(procedures.filter(({ auth }) => auth === "member"))(
    "$name shows and changes nothing of the other",
    async (procedure) => {
      const example = examples[procedure.name];
      for (const credential of credentials.filter((_, at) => isTried(procedure, at))) {
        mine ??= await makeThings(world.codex, world.acme);
        const good = example?.(mine);
        for (const path of idPaths(good)) {
          const foreignId = valueAt(example?.(theirs), path);
          // An agent of the registry is everybody's.
          if (shared.has(String(foreignId))) continue;
          const variants = await Promise.all(
            [foreignId, randomUUID()].map((id) =>
              ask(procedure, withValue(good, path, id), credential),
            ),
          );
          const [foreign, absent] = variants as [Answer, Answer];
          cases += 2;
          harmless(foreign, [String(foreignId)]);
          // B's id and one that is nowhere answer alike, to the byte.
          expect(masked(foreign), `${procedure.name} ${credential.name}`).toBe(masked(absent));
          expect(foreign.status, `${procedure.name} ${credential.name}`).toBe(absent.status);
          const malformed = await ask(procedure, withValue(good, path, "x"), credential);
          cases += 1;
          harmless(malformed, []);
        }
        cases += 1;
        harmless(await ask(procedure, good, credential), []);
      }
    },
  );

  it("left the other workspace as it was", async () => {
    expect(await checksum(world, world.globex.id)).toBe(before);
    expect(cases).toBeGreaterThan(isFull ? 4_000 : 500);
    process.stdout.write(`API differential: ${cases} cases, 0 leaks\n`);
  });

  it("shows to each what is theirs: an answer that is empty for everybody would pass otherwise", async () => {
    const names = new Set([
      "campaigns.get",
      "quests.tree",
      "cohorts.get",
      "positioning.get",
      "messages.get",
    ]);
    const { server, acme, globex, codex } = world;
    const ours = await makeThings(codex, acme);
    for (const [key, things] of [
      [acme.keys.viewer, ours],
      [globex.keys.viewer, theirs],
    ] as const) {
      for (const procedure of procedures.filter(({ name }) => names.has(name))) {
        const input = examples[procedure.name]?.(things);
        const { text } = await call(server.url, procedure, input, { token: key });
        expect(text).toContain(things.canary);
      }
    }
  });

  it("would see a leak: a function that looks past row security by the id alone", async () => {
    const { db, server, acme } = world;
    const file = new URL("../../../db/functions/missing_components.sql", import.meta.url);
    await db.admin.query(
      `create or replace function codex.missing_components(p_workspace_id uuid, p_positioning_id uuid)
       returns text[] language sql stable security definer set search_path = '' as
       $$ select '{}'::text[] from codex.positioning where id = p_positioning_id $$`,
    );
    const check = { name: "positioning.check", type: "query" } as const;
    const token = acme.keys.viewer;
    const [foreign, absent] = await Promise.all(
      [theirs.draft, randomUUID()].map((id) => call(server.url, check, { id }, { token })),
    );
    expect(masked(foreign as Answer)).not.toBe(masked(absent as Answer));
    await db.admin.query(await readFile(file, "utf8"));
    expect(codeOf(await call(server.url, check, { id: theirs.draft }, { token }))).toBe("NotFound");
  });

  async function ask(
    procedure: (typeof procedures)[number],
    input: unknown,
    { token, headers = {} }: Credential,
  ): Promise<Answer> {
    const answer = await call(world.server.url, procedure, input, { token, headers });
    if (procedure.type === "mutation" && answer.status < 300) mine = undefined;
    return answer;
  }

  /** No text and no id of B, neither in the body nor in a header, except what was sent. */
  function harmless({ text, headers, status }: Answer, sent: readonly string[]): void {
    const all = `${text} ${JSON.stringify([...headers])}`;
    expect(all, "canary").not.toContain(theirs.canary);
    for (const [id] of all.matchAll(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu,
    ))
      if (!sent.includes(id)) expect(idsOfB.has(id), `id ${id} of the other`).toBe(false);
    expect(status).toBeLessThan(500);
  }
});

/** Without what differs between any two calls: ids, moments and cursors. */
function masked({ text, status }: Answer): string {
  return `${status} ${text}`
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, "<instant>")
    .replaceAll(/"(?:nextCursor|ticket|token|secret|prefix)":"[^"]*"/gu, "<secret>")
    .replaceAll(/canary-<id>/gu, "<canary>");
}

async function credentialsOfA({ acme, issuer, codex, db }: ApiWorld): Promise<Credential[]> {
  const { owner } = acme.members;
  const headers = { "x-codex-workspace": acme.id };
  const made = (name: string) =>
    codex.workspaces.apiKeys.create(acme.id, { name, role: "owner", actingAs: owner.userId });
  const [revoked, expired] = [await made("revoked"), await made("expired")];
  await codex.workspaces.apiKeys.revoke(acme.id, { keyId: revoked.id, userId: owner.userId });
  await db.admin.query(
    `begin; select codex.set_service_context('${acme.id}');
     update codex.api_keys set expires_at = now() - interval '1 second' where id = '${expired.id}'; commit`,
  );
  const identity = await db.admin.query<{ issuer: string; subject: string }>(
    "select issuer, subject from codex.user_profiles where id = $1",
    [owner.userId],
  );
  const subject = identity.rows[0]?.subject ?? "";
  return [
    ...roles.map((role) => ({ name: `key of the ${role}`, token: acme.keys[role] })),
    { name: "token of the owner", token: await issuer.token(subject), headers },
    { name: "token of a stranger", token: await issuer.token("stranger"), headers },
    { name: "revoked key", token: revoked.secret },
    { name: "expired key", token: expired.secret },
    { name: "nothing", token: undefined },
  ];
}

/** Everything of a workspace, as the superuser reads it; last use of keys apart. */
async function checksum({ db }: ApiWorld, workspaceId: string): Promise<string> {
  const sums: string[] = [];
  for (const table of await tenantTables(db.admin)) {
    const row = table === "api_keys" ? "(to_jsonb(t) - 'last_used_at')::text" : "t::text";
    const { rows } = await db.admin.query<{ sum: string | null }>(
      `select md5(string_agg(${row}, ',' order by ${row})) as sum from codex.${table} t where workspace_id = $1`,
      [workspaceId],
    );
    sums.push(`${table} ${rows[0]?.sum ?? ""}`);
  }
  return sums.join("\n");
}

async function idsOf({ db }: ApiWorld, workspaceId: string): Promise<Set<string>> {
  const ids = new Set<string>([workspaceId]);
  for (const table of await tenantTables(db.admin)) {
    const { rows } = await db.admin.query<{ row: string }>(
      `select t::text as row from codex.${table} t where workspace_id = $1`,
      [workspaceId],
    );
    for (const { row } of rows)
      for (const [id] of row.matchAll(
        /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu,
      ))
        ids.add(id);
  }
  return ids;
}

async function idsOfRegistry({ db }: ApiWorld): Promise<Set<string>> {
  const { rows } = await db.admin.query<{ id: string }>("select id from codex.agent_registry");
  return new Set(rows.map(({ id }) => id));
}

async function tenantTables(admin: ApiWorld["db"]["admin"]): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'codex' and column_name = 'workspace_id' order by 1`,
  );
  return rows.map(({ name }) => name);
}
