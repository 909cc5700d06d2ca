import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings, settingNames } from "../src/env.ts";

const checkout = join(import.meta.dirname, "../../..");
const read = (path: string): Promise<string> => readFile(join(checkout, path), "utf8");

describe("the ways to deploy the worker", () => {
  it("name settings that there are, probes at the admin port, and less than that of rights", async () => {
    const kubernetes = await read("deploy/kubernetes/worker.yaml");
    const named = [...kubernetes.matchAll(/\{ name: ([A-Z_]+), value/gu)].map(
      ([, name = ""]) => name,
    );
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(settingNames).toContain(name);
    expect(kubernetes.match(/path: \/(?:readyz|livez), port: admin/gu)).toHaveLength(2);
    for (const rule of ["runAsNonRoot: true", "readOnlyRootFilesystem: true", "drop: [ALL]"])
      expect(kubernetes).toContain(rule);
    const shutdown = Number(/name: SHUTDOWN_MS, value: "(\d+)"/u.exec(kubernetes)?.[1]);
    const grace = Number(/terminationGracePeriodSeconds: (\d+)/u.exec(kubernetes)?.[1]);
    expect(shutdown).toBeLessThanOrEqual(8_000);
    expect(grace).toBeGreaterThan(10);
  });

  it("start what there is", async () => {
    const unit = await read("deploy/systemd/codex-worker.service");
    const [, script = ""] = /^ExecStart=\/usr\/bin\/node (\S+)$/mu.exec(unit) ?? [];
    await expect(read(script)).resolves.toContain("startWorker");
    expect(unit).toMatch(/^NoNewPrivileges=yes$/mu);
    const container = await read("apps/worker/Containerfile");
    expect(container).toContain(`CMD ["node", "${script}"]`);
    for (const way of [unit, container]) expect(way).toMatch(/^\w+[ =]UV_THREADPOOL_SIZE=64$/mu);
  });

  it("have every setting in the README with its preset, and no other", async () => {
    const readme = await read("apps/worker/README.md");
    const [, table = ""] = /## Settings([\s\S]*?)\n## /u.exec(readme) ?? [];
    const documented = [...table.matchAll(/^\| (`[^|]+`) \| (.*?) ?\|/gmu)].flatMap(
      ([, names = "", presets = ""]): [string, number][] =>
        [...names.matchAll(/`([A-Z_]+)`/gu)].map(([, name = ""], at) => [
          name,
          Number(presets.split(", ")[at]),
        ]),
    );
    expect(documented.map(([name]) => name).toSorted()).toEqual(settingNames.toSorted());
    const presets = Object.entries(readSettings({ DATABASE_URL: "postgresql://worker@host/x" }));
    const numbers = presets.filter(([, value]) => typeof value === "number");
    expect(numbers.length).toBeGreaterThan(12);
    for (const preset of numbers) expect(documented).toContainEqual(preset);
  });
});
