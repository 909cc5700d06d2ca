import { canMakeDatabases } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkNames, readCheck, runText } from "./support/check.ts";
import type { Check } from "./support/check.ts";
import { leakOf, trialsFor } from "./support/differential.ts";
import type { Values } from "./support/differential.ts";
import { isFull } from "./support/env.ts";
import { readMutants } from "./support/mutants.ts";
import type { Mutant } from "./support/mutants.ts";
import { survivors } from "./support/survivors.ts";
import { contextsOf, foreignCanaries, makeSetting, rowsOf } from "./support/setting.ts";
import type { Setting } from "./support/setting.ts";

// Every one in the full run; otherwise a sample, of each operator at least one.
const every = isFull ? 1 : 12;

describe.runIf(canMakeDatabases())("a schema that is broken on purpose", () => {
  let setting: Setting;
  let checks: Check[];
  let canaries: string[];
  let theirs: Readonly<Record<string, Values>>;
  let mutants: Mutant[];

  beforeAll(async () => {
    setting = await makeSetting();
    const { admin, people } = setting;
    const names = [
      ...(await checkNames("audit")).map((name) => `audit/${name}`),
      ...(await checkNames("sixteen")).map((name) => `sixteen/${name}`),
    ];
    checks = await Promise.all(names.map(readCheck));
    canaries = await foreignCanaries(setting);
    theirs = await rowsOf(setting, people.globex);
    const all = await readMutants(admin);
    mutants = Object.values(Object.groupBy(all, ({ operator }) => operator)).flatMap((group = []) =>
      group.filter((_, at) => at % every === 0),
    );
  });
  afterAll(() => setting?.[Symbol.asyncDispose]());

  // The check that found the last one of an operator finds the next one, most of the time.
  const likely = new Map<string, Check>();

  async function isSeenByAudit({ operator }: Pick<Mutant, "operator">): Promise<boolean> {
    const first = likely.get(operator);
    for (const check of first === undefined ? checks : [first, ...checks]) {
      if (!(await isRed(check))) continue;
      likely.set(operator, check);
      return true;
    }
    return false;
  }

  // In a savepoint, since a check may leave a setting; one that fails on a mutant sees it too.
  async function isRed(check: Check): Promise<boolean> {
    await setting.admin.query("savepoint look");
    try {
      return (await runText(setting.admin, check)).length > 0;
    } catch {
      return true;
    } finally {
      await setting.admin.query("rollback to savepoint look");
    }
  }

  async function leakIn(table: string): Promise<string | undefined> {
    const shape = setting.shapes.find(({ name }) => name === table);
    if (shape === undefined) throw new Error(`no shape of ${table}`);
    // Without A's own row a new one meets nothing but what it is tried for.
    const alone = `set local session_replication_role = replica;
      delete from codex.${table} where workspace_id = '${setting.people.acme}';
      set local session_replication_role = origin`;
    for (const trial of trialsFor(shape, setting.fresh[table] ?? {}, theirs)) {
      for (const context of contextsOf(setting)) {
        const role = context.who === "app" ? "codex_app" : "codex_service";
        const leak = await leakOf(setting.admin, {
          trial,
          context,
          canaries,
          name: "",
          opening: `savepoint trial; ${alone}; set local role ${role}; ${context.set}`,
          closing: "rollback to savepoint trial",
        });
        if (leak !== undefined) return `${context.name}, ${trial.form}: ${leak}`;
      }
    }
    return undefined;
  }

  async function inMutant<T>(sql: string, work: () => Promise<T>): Promise<T> {
    await setting.admin.query("begin");
    try {
      await setting.admin.query(sql);
      return await work();
    } finally {
      await setting.admin.query("rollback");
    }
  }

  it("is not called broken while it is whole", { timeout: 900_000 }, async () => {
    await inMutant("select", async () => {
      expect(await isSeenByAudit({ operator: "" })).toBe(false);
      for (const [at, { name }] of setting.shapes.entries())
        if (at % every === 0) expect(await leakIn(name), name).toBeUndefined();
    });
  });

  it(
    "is seen by the audit, and by the trials where it opens rows",
    { timeout: 2_400_000 },
    async () => {
      const score = { audit: 0, opening: 0, trials: 0 };
      const unseen: string[] = [];
      const lifeless: string[] = [];
      for (const mutant of mutants) {
        const { operator, object, sql, opens } = mutant;
        const name = `${operator}: ${object}`;
        try {
          await inMutant(sql, async () => {
            const byAudit = await isSeenByAudit(mutant);
            const byTrials = opens === null ? undefined : (await leakIn(opens)) !== undefined;
            score.audit += Number(byAudit);
            score.opening += Number(opens !== null);
            score.trials += Number(byTrials === true);
            if (!byAudit) unseen.push(`${name} (audit)`);
            if (byTrials === false) unseen.push(`${name} (trials)`);
          });
        } catch (error) {
          lifeless.push(`${name}: ${String(error)}`);
        }
      }
      const alive = mutants.length - lifeless.length;
      console.info(
        `${alive} mutants, the audit sees ${score.audit}; ${score.opening} of them open rows, the trials see ` +
          `${score.trials}; ${unseen.length} are unseen by one of the two, each with its reason in ` +
          `survivors.ts; ${lifeless.length} could not be made, since the rows that are there forbid them`,
      );
      expect(unseen.filter((name) => !survivors.some((one) => one.unseen.test(name)))).toEqual([]);
      expect(lifeless.filter((line) => !line.includes("could not create unique index"))).toEqual(
        [],
      );
      if (!isFull) return;
      // A reason that explains nothing any more is not kept.
      expect(survivors.filter((one) => !unseen.some((name) => one.unseen.test(name)))).toEqual([]);
      expect(mutants.length).toBeGreaterThan(3_000);
    },
  );
});
