/** Counts round trips on the wire. */
export { countRoundTrips } from "@codex/postgres/testing";
export type { RoundTrips } from "@codex/postgres/testing";
/** A workspace of a test's own, with a member of each role. */
export { makeTestWorkspace } from "./workspace-factory.ts";
export type { TestMember, TestWorkspace } from "./workspace-factory.ts";
/** Finds what a borrower left on a pool's connections. */
export { probeLeaks } from "./leak-probe.ts";
export type { Leftover } from "./leak-probe.ts";
/** A PostgreSQL server of a test's own. */
export { startThrowaway } from "./throwaway.ts";
export type { Throwaway } from "./throwaway.ts";
