import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { envWith, isFull } from "./env.ts";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

const kills = isFull ? 150 : 12;
const clients = 3;
const program = new URL("./trigger-program.ts", import.meta.url).pathname;

describe("triggers of clients that are killed", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Lets a client trigger, kills it, and gives the numbers that it sent and those it was told of. */
  async function life(from: number): Promise<{ sent: number[]; done: number[] }> {
    const child = spawn(process.execPath, [program], {
      env: envWith({
        WORKER_URL: world.db.url("codex_api"),
        WORKER_WORKSPACE: world.acme,
        WORKER_USER: world.ann.userId,
        WORKER_FROM: String(from),
      }),
      stdio: ["ignore", "pipe", "inherit"],
    });
    const seen = { sent: [] as number[], done: [] as number[] };
    const enough = 3 + Math.floor(Math.random() * 20);
    for await (const line of createInterface({ input: child.stdout })) {
      const [what, number] = line.split(" ");
      seen[what === "sent" ? "sent" : "done"].push(Number(number));
      if (seen.done.length === enough)
        // At some moment of the trigger after that.
        setTimeout(() => child.kill("SIGKILL"), Math.random() * 8);
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
    return seen;
  }

  it(`are counted once each when they were acknowledged or are sent again: ${kills} SIGKILLs of ${clients} clients`, async () => {
    const sent = new Set<number>();
    const done = new Set<number>();
    const one = async (client: number): Promise<void> => {
      for (let round = 0; round < kills / clients; round += 1) {
        const seen = await life((client * kills + round) * 10_000);
        for (const number of seen.sent) sent.add(number);
        for (const number of seen.done) done.add(number);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, client) => one(client)));
    const count = async (): Promise<number> => {
      const groups = await world.vic.ws.alerts.groups({ by: ["type"] });
      return groups[0]?.occurrences ?? 0;
    };
    // What was acknowledged is counted; what was cut off may be.
    const counted = await count();
    expect(counted).toBeGreaterThanOrEqual(done.size);
    expect(counted).toBeLessThanOrEqual(sent.size);
    for (const number of sent)
      await world.ann.ws.alerts.trigger(
        { type: "error", severity: "low", title: "A", dedupKey: `key ${number % 5}` },
        { idempotencyKey: `trigger ${number}` },
      );
    expect(await count()).toBe(sent.size);
    process.stdout.write(
      `alerts: ${done.size} triggers acknowledged, ${sent.size - done.size} cut off, 0 lost, 0 doubled; ${kills} kills\n`,
    );
    const open = await world.vic.ws.alerts.list({ filter: { open: true } });
    expect(open.items).toHaveLength(5);
    for (const { id, occurrences } of open.items) {
      const timeline = await Array.fromAsync(world.vic.ws.alerts.timeline(id, { first: 200 }));
      const noted = timeline.filter(({ kind }) => kind === "opened" || kind === "occurrence");
      expect(noted).toHaveLength(occurrences);
    }
  }, 600_000);
});
