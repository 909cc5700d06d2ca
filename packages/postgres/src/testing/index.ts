/** Counts round trips on the wire. */
export { countRoundTrips } from "./round-trips.ts";
export type { RoundTrips } from "./round-trips.ts";
