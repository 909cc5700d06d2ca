import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe("identity and context", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  async function asApp(sql: string, params: unknown[]): Promise<unknown[]> {
    const client = await db.begin("codex_app");
    try {
      const { rows } = await client.query(sql, params);
      await client.query("commit");
      return rows;
    } catch (error) {
      await client.query("rollback");
      throw error;
    } finally {
      client.release();
    }
  }

  it("answers a stranger and an unknown workspace alike", async () => {
    const stranger = asApp("select codex.set_context($1, $2)", [people.acme, people.bob.userId]);
    const nowhere = asApp("select codex.set_context($1, $2)", [randomUUID(), people.bob.userId]);
    const errors = await Promise.allSettled([stranger, nowhere]);
    const [first, second] = errors.map((one) =>
      one.status === "rejected" ? `${one.reason.code} ${one.reason.message}` : "allowed",
    );
    expect(first).toMatch(/^KX003/);
    expect(second).toBe(first);
    expect(await people.bob.query("select codex.current_workspace_id() as id")).toEqual([
      { id: people.globex },
    ]);
  });

  it("works in a read-only transaction", async () => {
    const client = await db.begin("codex_app");
    await client.query("set transaction read only");
    await client.query("select codex.set_context($1, $2)", [people.acme, people.ada.userId]);
    expect((await client.query("select from codex.workspaces")).rowCount).toBe(1);
    await client.query("rollback");
    client.release();
  });

  it("does not outlive its transaction", async () => {
    const client = await db.begin("codex_app");
    await client.query("select codex.set_context($1, $2)", [people.acme, people.ada.userId]);
    await client.query("commit");
    client.release();
    // The pool gives the same connection again.
    const next = await db.begin("codex_app");
    await expect(next.query("select from codex.workspaces")).rejects.toMatchObject({
      code: "KX001",
    });
    await next.query("rollback");
    next.release();
  });

  it("is the service's alone without a person", async () => {
    await expect(
      asApp("select codex.set_service_context($1)", [people.acme]),
    ).rejects.toMatchObject({
      code: "42501",
    });
  });

  it("lets a key act with the lower of both ranks, and no more once it is revoked", async () => {
    const secret = randomBytes(32);
    const hash = createHash("sha256").update(secret).digest();
    await people.ada.query(
      `insert into codex.api_keys (workspace_id, name, prefix, key_hash, role, user_id, created_by)
       values ($1, 'key', 'cdx_key1', $2, 'owner', $3, $4)`,
      [people.acme, hash, people.ann.userId, people.ada.userId],
    );
    const [row] = await asApp("select * from codex.set_context_by_key($1, $2)", [
      people.acme,
      hash,
    ]);
    expect(row).toMatchObject({ user_id: people.ann.userId, role: "analyst", agent_id: null });
    await expect(
      asApp("select codex.set_context_by_key($1, $2)", [people.globex, hash]),
    ).rejects.toMatchObject({ code: "KX003" });
    await people.ada.query("update codex.api_keys set revoked_at = now()");
    await expect(
      asApp("select codex.set_context_by_key($1, $2)", [people.acme, hash]),
    ).rejects.toMatchObject({ code: "KX003" });
  });

  it("makes a member of whoever holds an invitation, once", async () => {
    const secret = randomBytes(16).toString("hex");
    await people.ada.query(
      `insert into codex.workspace_invitations (workspace_id, email, role, token_hash, created_by)
       values ($1, 'bob@example.org', 'creator', sha256(convert_to($2, 'UTF8')), $3)`,
      [people.acme, secret, people.ada.userId],
    );
    const accept = (userId: string) =>
      asApp("select codex.accept_invitation($1, $2, $3)", [people.acme, secret, userId]);
    await accept(people.bob.userId);
    // Sent again by the same person, it is done; it is nobody else's.
    await accept(people.bob.userId);
    await expect(accept(people.cleo.userId)).rejects.toMatchObject({ code: "KX008" });
    expect(
      await people.ada.query("select role from codex.user_workspaces where user_id = $1", [
        people.bob.userId,
      ]),
    ).toEqual([{ role: "creator" }]);
    // Back to the cast of the other tests: who leaves keeps the row.
    await people.ada.query(
      "update codex.user_workspaces set removed_at = now() where user_id = $1",
      [people.bob.userId],
    );
    await expect(
      asApp("select codex.set_context($1, $2)", [people.acme, people.bob.userId]),
    ).rejects.toMatchObject({ code: "KX003" });
    await expect(accept(people.bob.userId)).rejects.toMatchObject({ code: "KX003" });
  });

  it("does not let a member raise their own role, nor the last owner leave", async () => {
    await expect(
      people.vic.query("update codex.user_workspaces set role = 'owner' where user_id = $1", [
        people.vic.userId,
      ]),
    ).rejects.toMatchObject({ code: "KX010" });
    await expect(
      people.ada.query("update codex.user_workspaces set removed_at = now() where user_id = $1", [
        people.ada.userId,
      ]),
    ).rejects.toMatchObject({ code: "KX007" });
    await people.vic.query(
      "update codex.user_workspaces set display_name = 'Victoria' where user_id = $1",
      [people.vic.userId],
    );
  });

  it("keeps what a member wrote when the member leaves", async () => {
    const [cohort] = await people.cleo.query<{ id: string }>(
      "insert into codex.cohorts (workspace_id, name) values ($1, 'Kept') returning id",
      [people.acme],
    );
    await people.ada.query(
      "update codex.user_workspaces set removed_at = now() where user_id = $1",
      [people.cleo.userId],
    );
    expect(
      await people.ada.query("select created_by from codex.cohorts where id = $1", [cohort?.id]),
    ).toEqual([{ created_by: people.cleo.userId }]);
    await people.ada.query(
      "update codex.user_workspaces set removed_at = null where user_id = $1",
      [people.cleo.userId],
    );
  });

  it("shows a profile to its own person alone", async () => {
    expect(await people.ada.query("select id from codex.user_profiles")).toEqual([
      { id: people.ada.userId },
    ]);
    expect(await people.vic.query("select id from codex.user_profiles")).toEqual([
      { id: people.vic.userId },
    ]);
  });

  it("hides billing from everybody but owners", async () => {
    await people.service.query(
      people.acme,
      "insert into codex.billing_history (workspace_id, merchant_transaction_id, amount_minor) values ($1, $2, 100)",
      [people.acme, randomUUID()],
    );
    expect(await people.sam.query("select id from codex.billing_history")).toEqual([]);
    expect(await people.ada.query("select id from codex.billing_history")).toHaveLength(1);
  });

  it("gives each role its writes and no more", async () => {
    const attempts = {
      signal:
        "insert into codex.competitors (workspace_id, name) values ($1, gen_random_uuid()::text)",
      content:
        "insert into codex.content_patterns (workspace_id, pattern_type, name) values ($1, 'hook', gen_random_uuid()::text)",
      positioning:
        "insert into codex.positioning (workspace_id, segment, name) values ($1, 's', 'n')",
      key: `insert into codex.api_keys (workspace_id, name, prefix, key_hash, user_id)
        values ($1, 'k', 'cdx_key2', sha256(gen_random_uuid()::text::bytea), codex.current_user_id())`,
    };
    const allowed: Record<string, string[]> = {};
    for (const name of ["vic", "ann", "cleo", "sam", "ada"] as const) {
      const outcomes = await Promise.allSettled(
        Object.values(attempts).map((sql) => people[name].query(sql, [people.acme])),
      );
      allowed[name] = Object.keys(attempts).filter((_, at) => outcomes[at]?.status === "fulfilled");
    }
    expect(allowed).toEqual({
      vic: [],
      ann: ["signal"],
      cleo: ["signal", "content"],
      sam: ["signal", "content", "positioning"],
      ada: ["signal", "content", "positioning", "key"],
    });
  });
});
