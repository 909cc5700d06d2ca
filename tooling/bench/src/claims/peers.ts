import { runMigrations } from "graphile-worker";
import pg from "pg";
import { PgBoss } from "pg-boss";
import type { Data } from "../data.ts";
import type { Queue } from "./queue.ts";

const task = "bench";

// What graphile-worker's workers themselves call for each job without a local queue; it exports only whole
// workers, which would do the work too.
interface Internals {
  batchGetJobs(
    options: object,
    withPgClient: unknown,
    tasks: Readonly<Record<string, () => void>>,
    poolId: string,
    flagsToSkip: null,
    batchSize: number,
  ): Promise<{ id: string }[]>;
  processSharedOptions(options: object): object;
  makeEnhancedWithPgClient(withPgClient: unknown): unknown;
  makeWithPgClientFromPool(pool: pg.Pool): unknown;
}

/** graphile-worker, one job for each statement and no local queue. */
export async function graphileQueue({ database }: Data, clients: number): Promise<Queue> {
  const connectionString = database.url();
  await runMigrations({ connectionString });
  const inside = await internals();
  const pool = new pg.Pool({ connectionString, max: clients });
  const options = inside.processSharedOptions({ pgPool: pool });
  const withPgClient = inside.makeEnhancedWithPgClient(inside.makeWithPgClientFromPool(pool));
  const jobs = "graphile_worker._private_jobs";
  const tasks = { [task]: () => {} };
  return {
    name: "graphile-worker",
    fill: async (count) => {
      await pool.query(
        `select graphile_worker.add_jobs(array(
           select ($1, '{}', null, null, null, null, null, null)::graphile_worker.job_spec
           from generate_series(1, $2)))`,
        [task, count],
      );
      await pool.query(`vacuum analyze ${jobs}`);
    },
    claim: async () => {
      const poolId = "bench";
      const [job] = await inside.batchGetJobs(options, withPgClient, tasks, poolId, null, 1);
      return job?.id;
    },
    clear: async () => {
      await pool.query(`delete from ${jobs}`);
      await pool.query(`vacuum ${jobs}`);
    },
    close: () => pool.end(),
  };
}

/** pg-boss, one job for each fetch. */
export async function pgBossQueue({ database }: Data, clients: number): Promise<Queue> {
  const connectionString = database.url();
  const boss = new PgBoss({ connectionString, max: clients, supervise: false, schedule: false });
  await boss.start();
  await boss.createQueue(task);
  const pool = new pg.Pool({ connectionString, max: 1 });
  return {
    name: "pg-boss",
    fill: async (count) => {
      await boss.insert(
        task,
        Array.from({ length: count }, () => ({})),
      );
      await pool.query("vacuum analyze pgboss.job");
    },
    claim: async () => {
      const [job] = await boss.fetch(task, { batchSize: 1 });
      return job?.id;
    },
    clear: async () => {
      await boss.deleteAllJobs(task);
      await pool.query("vacuum pgboss.job");
    },
    close: async () => {
      await boss.stop({ graceful: false });
      await pool.end();
    },
  };
}

async function internals(): Promise<Internals> {
  const main = import.meta.resolve("graphile-worker");
  const parts = await Promise.all(
    ["./sql/getJobs.js", "./lib.js", "./helpers.js"].map(
      (file) => import(new URL(file, main).href) as Promise<Partial<Internals>>,
    ),
  );
  return Object.assign({}, ...parts) as Internals;
}
