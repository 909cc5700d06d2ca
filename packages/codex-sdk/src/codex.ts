import { createPostgres } from "@codex/postgres";
import type { Form, PoolUsage, Postgres, PostgresOptions, Scope } from "@codex/postgres";
import { createHash, randomBytes } from "node:crypto";
import type pg from "pg";
import { AccessClient } from "./access/access.ts";
import { contextOf } from "./actor.ts";
import type { Acting } from "./actor.ts";
import { checkDatabase } from "./check.ts";
import type { CheckReport } from "./check.ts";
import { invalidInput } from "./errors.ts";
import { EventFeed } from "./events/feed.ts";
import { ScopeHandle } from "./executor.ts";
import type { Surroundings } from "./executor.ts";
import { id, parse, text } from "./input.ts";
import type { CallOptions } from "./options.ts";
import { People } from "./people/people.ts";
import { requireService } from "./service.ts";
import type { Service } from "./service.ts";
import { System } from "./system.ts";
import { startTelemetry } from "./telemetry.ts";
import { Workspace } from "./workspace.ts";
import { workspaceOfKey } from "./workspaces/secrets.ts";
import { Workspaces } from "./workspaces/workspaces.ts";

/** Where a client connects to: a string or settings for a pool of its own, or a pool of the caller's. */
export type Connection =
  | {
      readonly connectionString: string;
      readonly pool?: undefined;
      readonly max?: number | undefined;
    }
  | { readonly pool: pg.Pool; readonly connectionString?: undefined; readonly max?: undefined };

/** Settings of `createCodex`. */
export type CodexOptions = Connection & {
  /** Login of a member of `codex_service`, for `codex.system`. */
  readonly service?: Connection | undefined;
  /** Milliseconds that a call may take when it does not say so itself; 30,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds that a call waits for a free connection, within its `timeoutMs`; then it is
   * `Unavailable`. As long as the call may take, unless given.
   */
  readonly poolWaitMs?: number | undefined;
  /** Calls that may wait for a connection at once; one more is `Unavailable` right away. No limit unless given. */
  readonly poolQueueMax?: number | undefined;
  /** Milliseconds that a statement waits for a lock; the server's own limit unless given. */
  readonly lockTimeoutMs?: number | undefined;
  /** How often a call is done again after a failure that left nothing behind; 5. */
  readonly retriesMax?: number | undefined;
  /**
   * Signs the cursors of lists. Processes that serve the same clients need the same one; made of the
   * connection's password unless given, and at random for a connection without one.
   */
  readonly cursorSecret?: string | undefined;
  /**
   * Whether each write ends with a NOTIFY on `codex_events` with the workspace's id, to wake up whoever
   * listens; at most once a transaction. Off: readers of events look by themselves, and a NOTIFY takes a
   * lock of the whole cluster at each commit.
   */
  readonly notify?: boolean | undefined;
  /** `explicit` for Citus, `implicit` for PostgreSQL; the server is asked unless given. */
  readonly form?: Form | undefined;
  /** Whether statements are prepared; found out unless given. */
  readonly preparedStatements?: boolean | undefined;
};

/** The client of a Codex database. */
export interface Codex extends AsyncDisposable {
  /** People, before they are members of anything. */
  readonly people: People;
  /** Workspaces, their members, invitations and keys. */
  readonly workspaces: Workspaces;
  /** Tickets for streams, and who may still hold one. For a server that serves apps. */
  readonly access: AccessClient;
  /** Events of many workspaces at once. For a server that serves apps; needs `service`. */
  readonly feed: EventFeed;
  /**
   * Refuses a database or a login that is unfit, with every reason at once. Throws SchemaMismatch,
   * Unavailable, Timeout.
   */
  check(options?: CallOptions): Promise<CheckReport>;
  /**
   * Everything that a member can do in a workspace. No round trip; each call finds out who it is, and
   * is refused to whoever lacks what it `needs`. Throws InvalidInput.
   */
  workspace(workspaceId: string, acting: Acting): Workspace;
  /** The same for an API key, which carries its workspace. Throws Unauthenticated for what is no key. */
  withApiKey(apiKey: string): Workspace;
  /**
   * Background work, as the role `codex_service` and not as a person. The reason is kept as an audit
   * event in each workspace that it enters. Throws InvalidInput, and Forbidden without `service`.
   */
  system(options: { reason: string }): System;
  /** How the connections are used now. */
  usage(): PoolUsage;
  /** Waits for what is under way and closes the connections, those of a pool of the caller's excepted. */
  close(): Promise<void>;
}

// `date` stays a day, not an instant of the machine's time zone.
const parsers = { 1082: (day: string): string => day };

/** Makes a client; nothing is connected yet. Throws InvalidInput without a connection string or a pool, and for a time that is none. */
export function createCodex(options: CodexOptions): Codex {
  const app = open(options, options);
  const service = options.service === undefined ? undefined : open(options.service, options);
  const parts: Service = {
    app,
    telemetry: startTelemetry(app.address),
    cursorSecret: options.cursorSecret ?? secretOf(options),
    notify: options.notify,
  };
  const outside = new ScopeHandle(app.scope(), { ...parts, workspaceId: "" });
  const close = async (): Promise<void> => {
    await Promise.all([app.close(), service?.close()]);
  };
  const workspace = (workspaceId: string, acting: Acting): Workspace =>
    enter(parts, parse(id, workspaceId), acting);
  const background = service === undefined ? undefined : { ...parts, app: service };
  return {
    people: new People(outside),
    workspaces: new Workspaces({
      outside,
      inside: (workspaceId, acting) => insideAs(parts, parse(id, workspaceId), acting),
    }),
    access: new AccessClient(outside, background),
    feed: new EventFeed(background),
    check: async (limits = {}) => {
      const report = await checkDatabase(app, "codex_app", limits);
      if (service !== undefined) await checkDatabase(service, "codex_service", limits);
      return report;
    },
    workspace,
    withApiKey: (apiKey) => enter(parts, workspaceOfKey(apiKey), { apiKey }),
    system: ({ reason }) => {
      const why = parse(text(1, 1_000), reason);
      return new System(requireService(background), why);
    },
    usage: () => app.usage(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function enter(parts: Service, workspaceId: string, acting: Acting): Workspace {
  return new Workspace(scopeOf(parts, workspaceId, acting), aroundOf(parts, workspaceId, acting));
}

function insideAs(parts: Service, workspaceId: string, acting: Acting): ScopeHandle {
  return new ScopeHandle(scopeOf(parts, workspaceId, acting), aroundOf(parts, workspaceId, acting));
}

function scopeOf(parts: Service, workspaceId: string, acting: Acting): Scope<unknown> {
  return parts.app.scope({ context: contextOf(workspaceId, acting) });
}

function aroundOf(parts: Service, workspaceId: string, { apiKey }: Acting): Surroundings {
  return { ...parts, workspaceId, byKey: apiKey !== undefined };
}

function open(connection: Connection, options: CodexOptions): Postgres {
  const { form, preparedStatements, timeoutMs, retriesMax } = options;
  const { poolWaitMs, poolQueueMax, lockTimeoutMs } = options;
  // Of one that is no number every call would be over before it began.
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs > 0))
    throw invalidInput("timeoutMs is a number of milliseconds above 0", ["timeoutMs"]);
  const limits = { timeoutMs, poolWaitMs, poolQueueMax, lockTimeoutMs };
  const shared: PostgresOptions = { form, preparedStatements, retriesMax, parsers, ...limits };
  if (connection.pool !== undefined) return createPostgres({ ...shared, pool: connection.pool });
  const { connectionString, max } = connection;
  // pg would go on with whatever PGHOST and the like say, or with localhost.
  if (typeof connectionString !== "string" || connectionString === "")
    throw invalidInput("write postgres://user:password@host:port/database", ["connectionString"]);
  return createPostgres({
    ...shared,
    connection: { connectionString, ...(max === undefined ? {} : { max }) },
  });
}

// Every process with the same login gets the same secret, and no client can know it.
function secretOf({ connectionString, pool }: Connection): string {
  const settings = pool?.options as { connectionString?: string; password?: unknown } | undefined;
  const url = connectionString ?? settings?.connectionString;
  const password = url === undefined ? settings?.password : passwordIn(url);
  if (typeof password !== "string" || password === "") return randomBytes(32).toString("hex");
  return createHash("sha256").update(`codex cursor ${password}`).digest("hex");
}

function passwordIn(url: string): string {
  return URL.canParse(url) ? new URL(url).password : "";
}
