import { canMakeDatabases } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, leakOf, mask, trialsFor } from "./support/differential.ts";
import type { Leak } from "./support/differential.ts";
import { isFull } from "./support/env.ts";
import { contextsOf, foreignCanaries, makeSetting, rowsOf } from "./support/setting.ts";
import type { Setting } from "./support/setting.ts";

const modes = ["auto", "force_generic_plan", "force_custom_plan"] as const;

async function checksums(setting: Setting, ids: readonly string[]): Promise<string> {
  const parts = setting.shapes.map(
    ({ name }) =>
      `select '${name}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as sum
       from codex.${name} t where workspace_id = any ($1)`,
  );
  const { rows } = await setting.admin.query(parts.join(" union all "), [ids]);
  return JSON.stringify(rows);
}

interface Outcome {
  cases: number;
  readonly leaks: Leak[];
}

/** Tries every statement in every context and mode, and looks for anything of B that shows. */
async function differential(setting: Setting, only?: string): Promise<Outcome> {
  const { people, shapes } = setting;
  const foreign = await foreignCanaries(setting);
  const outcome: Outcome = { cases: 0, leaks: [] };
  const theirs = await rowsOf(setting, people.globex);
  for (const shape of shapes) {
    if (only !== undefined && shape.name !== only) continue;
    const trials = trialsFor(shape, setting.fresh[shape.name] ?? {}, theirs);
    for (const [at, trial] of trials.entries()) {
      for (const [place, context] of contextsOf(setting).entries()) {
        // A sample is one mode for each, in turns.
        const tried = isFull ? modes : [modes[(at + place) % modes.length] ?? "auto"];
        for (const mode of tried) {
          outcome.cases += 1;
          const leak = await leakOf(setting[context.who], {
            trial,
            context,
            canaries: foreign,
            name: `${shape.name} ${at} ${mode}`.slice(-60),
            opening: `begin; set local plan_cache_mode = ${mode}; ${context.set}`,
          });
          if (leak !== undefined)
            outcome.leaks.push({
              table: shape.name,
              form: trial.form,
              context: context.name,
              mode,
              what: leak,
            });
        }
      }
    }
  }
  return outcome;
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

  it("cannot be told from one, by any statement on any table", { timeout: 900_000 }, async () => {
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

  it("say the same to one as if the others were not there", async () => {
    await using alone = await makeSetting(true);
    const [crowded, lonely] = [await transcript(setting), await transcript(alone)];
    expect(crowded.length).toBeGreaterThan(300);
    expect(crowded).toEqual(lonely);
  });
});

/** What a member of A and background work in A are told by a script over every table. */
async function transcript(setting: Setting): Promise<string[]> {
  const { people, shapes } = setting;
  const rows = await rowsOf(setting, people.acme);
  const lines: string[] = [];
  const contexts = [
    ["app", `select codex.set_context('${people.acme}', '${people.ada.userId}')`],
    ["worker", `select codex.set_service_context('${people.acme}')`],
  ] as const;
  for (const shape of shapes) {
    // It has as many rows as there are slots that ids made at random fall into.
    if (shape.name === "member_counts") continue;
    const mine = rows[shape.name] ?? {};
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
