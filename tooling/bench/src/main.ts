import { startPostgres } from "@codex/testkit";
import { parseArgs } from "node:util";
import { alertRows } from "./alerts.ts";
import { apiSections } from "./api/sections.ts";
import { claimRows } from "./claims/section.ts";
import { makeData } from "./data.ts";
import { gamificationSections } from "./gamification/sections.ts";
import { marketSections } from "./market/sections.ts";
import { notificationSection } from "./notifications.ts";
import { printBars, printTable, writeJson } from "./report.ts";
import type { BenchRow } from "./report.ts";
import { sdkRows } from "./sdk.ts";
import type { Section } from "./section.ts";

const sections: readonly Section[] = [
  { name: "sdk", rows: sdkRows },
  ...gamificationSections,
  { name: "alerts", rows: alertRows },
  notificationSection,
  { name: "claims", rows: claimRows },
  ...marketSections,
  ...apiSections,
];

const { values: flags } = parseArgs({
  options: {
    json: { type: "string" },
    only: { type: "string", multiple: true },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const chosen = sections.filter(
  ({ name }) => flags.only?.some((part) => `${name}.`.startsWith(`${part}.`)) ?? true,
);

if (flags.help) {
  process.stdout.write(`pnpm bench [--quick] [--only PART …] [--json FILE]

Measures Codex and its peers in one run, on a PostgreSQL of its own, in turns, and prints medians and
ratios, and at the end which bars were missed. --quick takes less data and fewer rounds. About 20 minutes, or 5 with --quick.
--only can be given several times. Parts: ${sections.map(({ name }) => name).join(", ")}, and api or gamification for all that begin so.\n`);
} else if (chosen.length === 0) {
  const names = sections.map(({ name }) => name).join(", ");
  process.stderr.write(`There is no such part; the parts are ${names}, api and gamification.\n`);
  process.exitCode = 1;
} else await main(chosen);

async function main(parts: readonly Section[]): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  const { quick } = flags;
  const size = quick
    ? { workspaces: 200, campaigns: 100 }
    : { workspaces: 1_000, campaigns: 1_000 };
  await using server = await startPostgres({
    settings: { shared_buffers: "1GB", max_wal_size: "4GB" },
  });
  say(`${size.workspaces} workspaces of ${size.campaigns} campaigns`);
  await using data = await makeData(server, size);
  const rows: BenchRow[] = [];
  for (const part of parts) {
    const found = await part.rows({ server, data, quick, say });
    // At once: whoever stops a long run keeps what is done.
    printTable(found);
    rows.push(...found);
  }
  printBars(rows);
  if (flags.json !== undefined) await writeJson(flags.json, rows);
}

function say(line: string): void {
  process.stderr.write(`… ${line}\n`);
}
