import { canMakeDatabases } from "@codex/testkit";
import { describe, expect, it } from "vitest";
import { call, procedures } from "./support/call.ts";
import { examples, makeThings } from "./support/examples.ts";
import { keyedWorkspace, makeApiWorld } from "./support/server.ts";
import type { ApiWorld } from "./support/server.ts";

// Whatever others do in the same database, under the same names and at the same time, shows nowhere in what
// a workspace is told: answers, errors, limits and numbers of events.
describe.runIf(canMakeDatabases())("a workspace beside others", () => {
  it("is told the same as a workspace alone", async () => {
    const alone = await transcriptOf({ crowded: false });
    const crowded = await transcriptOf({ crowded: true });
    expect(alone.length).toBeGreaterThan(45);
    expect(crowded).toEqual(alone);
  });
});

async function transcriptOf({ crowded }: { crowded: boolean }): Promise<string[]> {
  await using world = await makeApiWorld({ RATE_PER_KEY: "500" }, { own: true });
  const { acme, server } = world;
  const others = crowded ? await crowd(world) : { stop: async () => {} };
  const things = await makeThings(world.codex, acme);
  const lines: string[] = [];
  for (const procedure of procedures.filter(({ auth }) => auth === "member")) {
    const input = examples[procedure.name]?.(things);
    const { status, text, headers } = await call(server.url, procedure, input, {
      token: acme.keys.owner,
    });
    const limits = ["ratelimit-limit", "ratelimit-remaining"].map((name) => headers.get(name));
    // Members come in the order of their ids, which are made at random.
    const body = procedure.name.endsWith("members.list")
      ? masked(text).split("").toSorted().join("")
      : masked(firstFrameOf(text));
    lines.push(`${procedure.name} ${status} ${limits.join(" ")} ${body}`);
  }
  await others.stop();
  return lines;
}

/** Two workspaces more, in which the same happens over and over. */
async function crowd({ codex, server, globex }: ApiWorld): Promise<{ stop: () => Promise<void> }> {
  const third = await keyedWorkspace(codex);
  const busy = new AbortController();
  const work = [globex, third].map(async (workspace) => {
    while (!busy.signal.aborted) {
      const token = workspace.keys.owner;
      for (const name of ["campaigns.create", "campaigns.list", "cohorts.list"]) {
        const procedure = procedures.find((one) => one.name === name);
        const input = name === "campaigns.create" ? { name: "Noise" } : {};
        if (procedure !== undefined) await call(server.url, procedure, input, { token });
      }
    }
  });
  return {
    stop: async () => {
      busy.abort();
      await Promise.all(work);
    },
  };
}

/** What comes at once on a stream comes in one piece or in several; another answer has no such end. */
function firstFrameOf(text: string): string {
  return text.startsWith("event: connected") ? (text.split("\n\n", 1)[0] ?? "") : text;
}

function masked(text: string): string {
  return (
    text
      .replaceAll(/[0-9a-f]{8}([-_])[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}/gu, "<id>")
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/gu, "<instant>")
      // Scores decay from one moment to the next.
      .replaceAll(/"(?:decayed|score|relevance)":[\d.]+/gu, "<score>")
      // Milliseconds that something took.
      .replaceAll(/"p\d\d":[\d.]+/gu, "<ms>")
      .replaceAll(/"(?:nextCursor|ticket|token|secret|prefix|asOf)":"[^"]*"/gu, "<secret>")
  );
}
