import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFull } from "./support/env.ts";
import { receive } from "./support/http.ts";
import { variablesFor, WorkerProcess } from "./support/process.ts";
import { addEndpoint, count, makeWorkerWorld } from "./support/world.ts";
import type { WorkerWorld } from "./support/world.ts";

const kills = isFull ? 100 : 8;
const workersCount = 4;

// Real processes, killed without warning while there is more and more to do.
describe("workers that are killed", () => {
  let world: WorkerWorld;
  beforeAll(async () => {
    world = await makeWorkerWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const ofAcme = (question: string): Promise<number> => count(world, question, [world.acme.id]);
  const makeDue = (): Promise<unknown> =>
    world.db.admin.query(
      `update codex.system_alerts set escalate_at = now() - interval '1 second'
       where workspace_id = $1 and status = 'active' and escalation_step = 1`,
      [world.acme.id],
    );

  it(
    `lose no message and take no step of an alert twice: ${kills} SIGKILLs of ${workersCount} workers`,
    async () => {
      await using receiver = await receive((response) => {
        setTimeout(() => response.end(), 100);
      });
      await addEndpoint(world, world.acme, receiver.url);
      const variables = variablesFor(world, { LEASE_MS: "1500", LOG_LEVEL: "warn" });
      await using stack = new AsyncDisposableStack();
      const start = (): WorkerProcess => stack.use(new WorkerProcess(variables));
      const workers = Array.from({ length: workersCount }, start);
      const producing = new AbortController();
      const produced = produce(world, producing.signal);
      for (let killed = 0; killed < kills; killed += 1) {
        // Some die while they start, most while they work.
        await sleep(300 + Math.random() * 1_500);
        await makeDue();
        const at = killed % workersCount;
        await workers[at]?.kill();
        workers[at] = start();
      }
      producing.abort();
      const { campaigns, alerts } = await produced;
      await makeDue();
      const delivered = () =>
        ofAcme(
          "select count(*) from codex.notification_deliveries where workspace_id = $1 and state = 'delivered'",
        );
      const escalated = () =>
        ofAcme(
          "select count(*) from codex.alert_events where workspace_id = $1 and kind = 'escalated' and step = 1",
        );
      await expect.poll(delivered).toBe(campaigns);
      await expect.poll(escalated).toBe(alerts);
      const ids = receiver.arrived.map(({ headers }) => headers["webhook-id"]);
      const repeated = ids.length - new Set(ids).size;
      process.stdout.write(
        `${campaigns} messages, ${repeated} sent again, ${alerts} alerts escalated; ${kills} kills\n`,
      );
      expect(new Set(ids).size).toBe(campaigns);
      expect(await escalated()).toBe(
        await ofAcme(
          "select count(distinct alert_id) from codex.alert_events where workspace_id = $1 and kind = 'escalated'",
        ),
      );
      // No more than what the killed ones had in hand.
      expect(repeated).toBeLessThanOrEqual(kills * 10);
    },
    isFull ? 2_400_000 : 180_000,
  );
});

/** Makes campaigns, each of which is a message, and alerts, until the signal aborts. */
async function produce(
  { acme }: WorkerWorld,
  signal: AbortSignal,
): Promise<{ campaigns: number; alerts: number }> {
  const made = { campaigns: 0, alerts: 0 };
  while (!signal.aborted) {
    await acme.owner.ws.campaigns.create({ name: `Campaign ${made.campaigns}` });
    made.campaigns += 1;
    if (made.campaigns % 4 === 0) {
      const title = `Alert ${made.alerts}`;
      await acme.analyst.ws.alerts.trigger({ type: "error", severity: "critical", title });
      made.alerts += 1;
    }
    await sleep(10);
  }
  return made;
}
