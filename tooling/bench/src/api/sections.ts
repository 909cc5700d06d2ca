import type { BenchRow } from "../report.ts";
import type { Bench, Section } from "../section.ts";
import { mixedRows } from "./mixed.ts";
import { neighbourRows } from "./neighbour.ts";
import { overloadRows } from "./overload.ts";
import { queryRows } from "./query.ts";
import { fanOutRows, latencyRows } from "./streams.ts";
import { openWorld } from "./world.ts";
import type { ApiWorld } from "./world.ts";

/** The parts of the bench that ask a running API. */
export const apiSections: readonly Section[] = [
  part("query", queryRows),
  part("mixed", mixedRows),
  part("latency", latencyRows),
  part("fan-out", fanOutRows),
  part("neighbour", neighbourRows),
  part("overload", overloadRows),
];

function part(name: string, rows: (world: ApiWorld) => Promise<BenchRow[]>): Section {
  return {
    name: `api.${name}`,
    rows: async ({ data, quick, say }: Bench) => {
      say(`API: ${name}`);
      return rows(await openWorld(data, quick));
    },
  };
}
