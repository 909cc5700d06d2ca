import { cast, testDatabase } from "@codex/testkit";
import type { Cast, TestDatabase } from "@codex/testkit";
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrationFiles } from "./support/files.ts";
import { draftPositioning, insertId, oneRow } from "./support/domain.ts";

describe("what client libraries rely on", () => {
  let db: TestDatabase;
  let people: Cast;
  beforeAll(async () => {
    db = await testDatabase();
    people = await cast(db);
  });
  afterAll(() => db[Symbol.asyncDispose]());

  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  const claim = (key: string, request: string): Promise<unknown> =>
    people.ada.tx(async (client) => {
      const claimed = "select codex.claim_idempotency_key($1, $2, $3)";
      await client.query(claimed, [people.acme, key, hash(request)]);
      await client.query(
        `update codex.idempotency_keys set state = 'completed', response = '{}'
         where workspace_id = $1 and key = $2`,
        [people.acme, key],
      );
    });

  /** An API key of a new agent. */
  const agentKey = async (): Promise<Buffer> => {
    const { rows } = await db.admin.query<{ id: string }>(
      `insert into codex.agent_registry (name, guild, agent_type, status)
       values ($1, 'research', 'researcher', 'active') returning id`,
      [randomUUID()],
    );
    const apiKey = hash(randomUUID());
    await people.ada.query(
      `insert into codex.api_keys (workspace_id, name, prefix, key_hash, role, agent_id)
       values ($1, 'Worker', 'cdx_x', $2, 'creator', $3)`,
      [people.acme, apiKey, rows[0]?.id],
    );
    return apiKey;
  };

  it("names the version of its last migration", async () => {
    const row = await oneRow(people.vic, "select * from codex.schema_version()");
    const newest = (await migrationFiles()).at(-1)?.version;
    expect(row).toEqual({ version: newest, serves_from: expect.any(Number) });
  });

  it("gives a key once, and tells the same request from another", async () => {
    const key = randomUUID();
    await claim(key, "one");
    await expect(claim(key, "one")).rejects.toMatchObject({ code: "KX016" });
    await expect(claim(key, "two")).rejects.toMatchObject({ code: "KX015" });
    await people.ada.query(
      "update codex.idempotency_keys set expires_at = now() - interval '1 second' where key = $1",
      [key],
    );
    await claim(key, "two");
  });

  it("does not wait for a request that is under way, and frees the key of one that failed", async () => {
    const key = randomUUID();
    const claimed = "select codex.claim_idempotency_key($1, $2, $3)";
    await people.ada
      .tx(async (client) => {
        await client.query(claimed, [people.acme, key, hash("one")]);
        await expect(claim(key, "one")).rejects.toMatchObject({ code: "KX014" });
        throw new Error("over");
      })
      .catch((error: unknown) => expect(error).toMatchObject({ message: "over" }));
    await claim(key, "one");
  });

  it("keeps the answer of an agent from the other agents", async () => {
    const key = randomUUID();
    const ask = async (apiKey: Buffer): Promise<unknown> =>
      people.cleo.tx(async (client) => {
        const { acme } = people;
        await client.query("select codex.set_context_by_key($1, $2)", [acme, apiKey]);
        const seen = await client.query("select from codex.idempotency_keys where key = $1", [key]);
        if (seen.rowCount !== 0) return "seen";
        await client.query("select codex.claim_idempotency_key($1, $2, $3)", [
          acme,
          key,
          hash("one"),
        ]);
        return "claimed";
      });
    const [one, other] = [await agentKey(), await agentKey()];
    expect(await ask(one)).toBe("claimed");
    // It is there: its own agent sees it. To another it is a key that somebody else has, as a person's is.
    expect(await ask(one)).toBe("seen");
    await expect(ask(other)).rejects.toMatchObject({ code: "23505" });
    await db.admin.query("begin; set local role codex_owner");
    const back = (await migrationFiles()).find(({ version }) => version === 39)?.down ?? "";
    await expect(db.admin.query(back)).rejects.toMatchObject({ code: "KX009" });
    await db.admin.query("rollback");
  });

  it("publishes a message over the one before, for its channel and persona", async () => {
    const positioning = await draftPositioning(people.sam, randomUUID());
    const draft = (channel: string | null): Promise<string> =>
      insertId(
        people.cleo,
        `insert into codex.message_architecture (workspace_id, positioning_id, name, core_message, channel)
         values ($1, $2, 'M', 'We are first', $3) returning id`,
        [positioning, channel],
      );
    const publish = (id: string): Promise<unknown> =>
      oneRow(people.cleo, "select * from codex.publish_message($1, $2)", [people.acme, id]);
    const [first, second, other] = [await draft(null), await draft(null), await draft("email")];
    expect(await publish(first)).toEqual({ published: first, superseded: null });
    expect(await publish(other)).toEqual({ published: other, superseded: null });
    expect(await publish(second)).toEqual({ published: second, superseded: first });
    await expect(publish(first)).rejects.toMatchObject({ code: "KX002" });
    await expect(
      people.ann.query("select codex.publish_message($1, $2)", [people.acme, second]),
    ).rejects.toMatchObject({ code: "KX010" });
    await expect(
      people.bob.query("select codex.publish_message($1, $2)", [people.globex, second]),
    ).rejects.toMatchObject({ code: "KX008" });
  });

  it("names the components that publication would find missing, and no other", async () => {
    const columns = [
      "competitive_alternatives",
      "unique_attributes",
      "value_themes",
      "best_fit_customers",
      "market_category",
    ];
    const missing = (id: string): Promise<unknown> =>
      oneRow(people.vic, "select codex.missing_components($1, $2) as missing", [people.acme, id]);
    const complete = await draftPositioning(people.sam, randomUUID());
    expect(await missing(complete)).toEqual({ missing: [] });
    for (const column of columns) {
      const id = await draftPositioning(people.sam, randomUUID());
      const empty = column.endsWith("s") && column !== "best_fit_customers" ? "'{}'" : "''";
      await people.sam.query(`update codex.positioning set ${column} = ${empty} where id = $1`, [
        id,
      ]);
      expect(await missing(id)).toEqual({ missing: [column] });
      await expect(
        people.sam.query("select codex.publish_positioning($1, $2)", [people.acme, id]),
      ).rejects.toMatchObject({ constraint: "positioning_complete_when_published_check" });
    }
    expect(await missing(randomUUID())).toEqual({ missing: null });
  });
});
