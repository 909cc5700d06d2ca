/** Settings from the environment, each wrong one named in a sentence. */
export { logLevel, port, postgresUrl, readVariables, wholeNumber } from "./settings.ts";
/** Lines of JSON on standard output, and what they may say of an error. */
export { describeCodexError, openLog } from "./log.ts";
export type { Logger } from "./log.ts";
/** Whether the process should be given work. */
export { ReadinessProbe } from "./readiness.ts";
export type { Readiness } from "./readiness.ts";
/** What operators ask, at a port of its own. */
export { serveAdmin } from "./admin.ts";
export { send } from "./answer.ts";
export { listen, urlOf } from "./listen.ts";
/** Ends connections on which nothing is under way. */
export { idleConnections } from "./idle.ts";
/** Work that is done once, however often it is asked for. */
export { once } from "./once.ts";
