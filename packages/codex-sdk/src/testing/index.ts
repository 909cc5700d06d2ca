export { countRoundTrips } from "@codex/postgres/testing";
export type { RoundTrips } from "@codex/postgres/testing";
