/** Row types of every table of schema codex, for Kysely (`withSchema('codex')`). */
export type { DB as Database } from "./generated/database.ts";
/** Every constraint by the name that an error gives, for mapping errors. */
export { constraints } from "./generated/constraints.ts";
export type { Constraint } from "./generated/constraints.ts";
/** Every type that an event may have. */
export { eventTypes } from "./generated/event-types.ts";
export type { EventType } from "./generated/event-types.ts";
/** Values of jsonb columns. */
export type {
  AchievementCriteria,
  EvidenceItem,
  Json,
  JsonObject,
  Pillar,
  Shares,
} from "./json.ts";
/** Which servers the schema runs on, and what to say about others. */
export { hasHole, knownHoles, serverMajors, serverNotes } from "./server-versions.ts";
export type { ServerNotes } from "./server-versions.ts";
