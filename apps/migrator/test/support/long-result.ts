import type { Result } from "../../src/report/result.ts";

const statement =
  "alter table codex.workspace_positioning_message_architectures add column if not exists proof_points jsonb not null default '[]'::jsonb";
const name = "012_create_workspace_positioning_message_architectures.sql";

/** A result with everything that a page must find room for: long names, long sentences, SQL, many rows. */
export const longResult: Result = {
  schema: "codex-migrate/1",
  command: "release",
  tool: "2",
  code: 7,
  ok: false,
  summary: "verify is red, see the report. The way back: codex-migrate down --to 11.",
  target: "codex_deployer@a-rather-long-host-name.eu-central-1.compute.example.com:5432/codex",
  filesIn: "db/migrations",
  startedAt: "2026-11-25T09:00:00.000Z",
  durationMs: 754_321,
  steps: [
    ...Array.from({ length: 30 }, (_, at) => ({
      group: "file",
      name: at === 0 ? name : `${String(at).padStart(3, "0")}_more.sql`,
      state: at === 29 ? ("failed" as const) : ("ok" as const),
      durationMs: at * 1_400,
      startedMs: at * 20_000,
      detail:
        "14 statements, 3 tries met a lock, a reader stood still for 180 ms; held ACCESS EXCLUSIVE on codex.workspace_positioning_message_architectures, SHARE ROW EXCLUSIVE on codex.workspaces",
    })),
    ...["pending", "skipped"].map((state) => ({
      group: "statement",
      name: `${name}:12 ${statement}`,
      state: state as "pending" | "skipped",
      durationMs: 0,
      startedMs: 700_000,
      detail: "lock: SHARE UPDATE EXCLUSIVE; work: builds an index",
    })),
  ],
  findings: [
    {
      level: "error",
      rule: "sixteen/1.4_policies_are_restrictive",
      message: "codex.workspace_positioning_message_architectures has no restrictive policy",
      file: name,
      line: 1042,
      column: 117,
      object: "codex.workspace_positioning_message_architectures",
      remedy: `Use "create policy isolate on codex.workspace_positioning_message_architectures as restrictive using (workspace_id = codex.current_workspace_id());".`,
    },
    { level: "warning", rule: "warning", message: "PostgreSQL 15.18 has known holes: upgrade." },
    { level: "note", rule: "lock-wait", message: "003_alter.sql waits for a lock, try 1." },
  ],
  figures: [
    { name: "longest stall of a reader, ms", value: 180 },
    { name: "backup, bytes", value: 9_876_543_210 },
    { name: "transactions rolled back while watched", value: 3 },
  ],
  series: [
    { name: "Replication lag", unit: "bytes", points: [[0, 0], [1_000, 900], [2_000, 40]] }, // prettier-ignore
  ],
  data: {},
};
