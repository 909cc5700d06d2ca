import type { Section } from "../section.ts";
import { ingestRows } from "./ingest.ts";
import { searchRows } from "./search.ts";

/** The parts of the bench about signals. */
export const marketSections: readonly Section[] = [
  { name: "market.ingest", rows: (bench) => ingestRows(bench) },
  { name: "market.search", rows: (bench) => searchRows(bench) },
];
