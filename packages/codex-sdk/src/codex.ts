import { createPostgres } from "@codex/postgres";
import type { Form, Postgres, PostgresOptions } from "@codex/postgres";
import { createHash, randomBytes } from "node:crypto";
import type pg from "pg";
import { checkDatabase } from "./check.ts";
import type { CheckReport } from "./check.ts";
import { CodexError, invalidInput } from "./errors.ts";
import { ScopeHandle } from "./executor.ts";
import { id, parse, text } from "./input.ts";
import type { CallOptions } from "./options.ts";
import { People } from "./people/people.ts";
import { System } from "./system.ts";
import { startTelemetry } from "./telemetry.ts";
import type { Telemetry } from "./telemetry.ts";
import { Workspace } from "./workspace.ts";
import { hashOf, workspaceOfKey } from "./workspaces/secrets.ts";
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

/** Who acts in a workspace: a member, or whoever holds an API key. */
export type Actor =
  | { readonly userId: string; readonly apiKey?: undefined }
  | { readonly apiKey: string; readonly userId?: undefined };

/** The client of a Codex database. */
export interface Codex extends AsyncDisposable {
  /** People, before they are members of anything. */
  readonly people: People;
  /** Workspaces, their members, invitations and keys. */
  readonly workspaces: Workspaces;
  /**
   * Refuses a database or a login that is unfit, with every reason at once. Throws SchemaMismatch,
   * Unavailable, Timeout.
   */
  check(options?: CallOptions): Promise<CheckReport>;
  /** Everything that a member can do in a workspace. No round trip; each call finds out who it is. Throws InvalidInput. */
  workspace(workspaceId: string, actor: Actor): Workspace;
  /** The same for an API key, which carries its workspace. Throws Forbidden for what is no key. */
  withApiKey(apiKey: string): Workspace;
  /**
   * Background work, as the role `codex_service` and not as a person. The reason is kept as an audit
   * event in each workspace that it enters. Throws InvalidInput, and Forbidden without `service`.
   */
  system(options: { reason: string }): System;
  /** Waits for what is under way and closes the connections, those of a pool of the caller's excepted. */
  close(): Promise<void>;
}

// `date` stays a day, not an instant of the machine's time zone.
const parsers = { 1082: (day: string): string => day };

/** Makes a client; nothing is connected yet. Throws InvalidInput without a connection string or a pool. */
export function createCodex(options: CodexOptions): Codex {
  const app = open(options, options);
  const service = options.service === undefined ? undefined : open(options.service, options);
  const parts: Parts = {
    app,
    telemetry: startTelemetry(app.address),
    cursorSecret: options.cursorSecret ?? secretOf(options),
    notify: options.notify,
  };
  const outside = new ScopeHandle(app.scope(), { ...parts, workspaceId: "" });
  const close = async (): Promise<void> => {
    await Promise.all([app.close(), service?.close()]);
  };
  const workspace = (workspaceId: string, actor: Actor): Workspace =>
    enter(parts, parse(id, workspaceId), actor);
  return {
    people: new People(outside),
    workspaces: new Workspaces({
      outside,
      inside: (workspaceId, { userId }) => insideAs(parts, parse(id, workspaceId), { userId }),
    }),
    check: async (limits = {}) => {
      const report = await checkDatabase(app, "codex_app", limits);
      if (service !== undefined) await checkDatabase(service, "codex_service", limits);
      return report;
    },
    workspace,
    withApiKey: (apiKey) => enter(parts, workspaceOfKey(apiKey), { apiKey }),
    system: ({ reason }) => {
      const why = parse(text(1, 1_000), reason);
      if (service === undefined)
        throw new CodexError("Forbidden", "createCodex was given no service connection");
      return new System({ ...parts, app: service }, why);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Parts {
  readonly app: Postgres;
  readonly telemetry: Telemetry;
  readonly cursorSecret: string;
  readonly notify: boolean | undefined;
}

function enter(parts: Parts, workspaceId: string, actor: Actor): Workspace {
  const scope = parts.app.scope({ context: contextOf(workspaceId, actor) });
  return new Workspace(scope, { ...parts, workspaceId });
}

function insideAs(parts: Parts, workspaceId: string, actor: Actor): ScopeHandle {
  const scope = parts.app.scope({ context: contextOf(workspaceId, actor) });
  return new ScopeHandle(scope, { ...parts, workspaceId });
}

function contextOf(
  workspaceId: string,
  actor: Actor,
): { sql: string; parameters: readonly unknown[] } {
  if (actor.apiKey !== undefined)
    return {
      sql: "codex.set_context_by_key($1, $2)",
      parameters: [workspaceId, hashOf(actor.apiKey)],
    };
  return { sql: "codex.set_context($1, $2)", parameters: [workspaceId, parse(id, actor.userId)] };
}

function open(connection: Connection, options: CodexOptions): Postgres {
  const { form, preparedStatements, timeoutMs, retriesMax } = options;
  const shared: PostgresOptions = { form, preparedStatements, timeoutMs, retriesMax, parsers };
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
