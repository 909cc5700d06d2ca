import { serverNotes } from "@codex/db";
import { addAbortListener } from "node:events";
import { Socket } from "node:net";
import pg from "pg";
import { connectionFailure, Failure, fieldOf } from "../failure.ts";
import { interruption } from "../interruption.ts";
import { malformedUrl, urlOf, withDatabase } from "./target.ts";
import type { Target } from "./target.ts";
import { attemptsOf, isAboutTls, withoutTls } from "./tls.ts";
import type { Attempt } from "./tls.ts";

/** Host, port, database and user of the target, for messages: never the password. */
export function addressOf(client: pg.Client): string {
  return `${client.user ?? ""}@${client.host}:${client.port}/${client.database ?? ""}`;
}

/** Opens a connection that an interruption ends, or fails with one sentence. The caller ends it. */
export async function connect(target: Target, database?: string): Promise<pg.Client> {
  interruption.throwIfAborted();
  const client = await open(target, database);
  const ending = addAbortListener(interruption, () => cut(client));
  client.once("end", () => ending[Symbol.dispose]());
  return client;
}

// Which attempt a server took: `prefer` costs a connection more on one without TLS, once and not each time.
const settled = new WeakMap<Target["tls"], number>();

/** As {@link connect}, for what must be cleaned up even after an interruption. */
export async function open(target: Target, database?: string): Promise<pg.Client> {
  const wanted = database === undefined ? target : withDatabase(target, database);
  const attempts = await attemptsOf(wanted.tls);
  for (const [at, ssl] of attempts.entries()) {
    if (at < (settled.get(wanted.tls) ?? 0)) continue;
    const client = newClient(wanted, ssl);
    // A server that dies while we are idle is reported by the next statement, not by a crash.
    client.on("error", () => {});
    try {
      await client.connect();
      settled.set(wanted.tls, at);
      return client;
    } catch (error) {
      // Without a password to answer with, pg goes on waiting, and the process with it, until the server hangs up.
      cut(client);
      const isLast = at === attempts.length - 1 || isSocket(client);
      if (isLast || !isAboutTls(error)) throw connectionFailure(error, addressOf(client));
    }
  }
  throw new Error("there is always an attempt");
}

function isSocket(client: pg.Client): boolean {
  return client.host.startsWith("/");
}

const sockets = new WeakMap<pg.Client, Socket>();

/** Ends a session at once, whatever it is doing: the server rolls back. `end` would wait for its answers. */
export function cut(client: pg.Client): void {
  sockets.get(client)?.destroy();
}

function newClient(target: Target, ssl: Attempt): pg.Client {
  const url = urlOf(target);
  const socket = new Socket();
  try {
    const client = new pg.Client({
      ...(url === undefined ? {} : { connectionString: withoutTls(url) }),
      ...(target.database === undefined ? {} : { database: target.database }),
      application_name: "codex-migrate",
      connectionTimeoutMillis: 10_000,
      ssl,
      sslnegotiation: target.tls.isDirect ? "direct" : "postgres",
      // What lies between forgets a connection on which nothing is said for minutes, as while an index is built.
      keepAlive: true,
      keepAliveInitialDelayMillis: 30_000,
      // Queries that are not awaited one by one go out together.
      pipeline: true,
      stream: () => socket,
    });
    sockets.set(client, socket);
    return client;
  } catch (error) {
    throw malformedUrl(error);
  }
}

/** Fails on a server that is too old; gives the warnings about one that is too new or has holes. */
export async function checkServer(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ server_version_num: string }>("show server_version_num");
  const version = Number(rows[0]?.server_version_num);
  const { refusal, warnings } = serverNotes(version);
  if (refusal !== undefined) throw new Failure(refusal);
  return [...warnings];
}

// Twice in a row shows a pooler that lends its servers in turn, the other connection in between one that
// lends the last used.
const looks = [0, 1, 0, 0, 1, 1] as const;

/**
 * Fails behind a transaction-mode pooler, where settings and locks are lost between transactions: a
 * connection is lent another backend, or both the same, since neither is in a transaction.
 */
export async function refusePooler(first: pg.Client, second: pg.Client): Promise<void> {
  const seen = [new Set<number>(), new Set<number>()] as const;
  for (const at of looks) seen[at].add(await backendOf(at === 0 ? first : second));
  const isStable = seen.every((backends) => backends.size === 1);
  if (isStable && seen[0].isDisjointFrom(seen[1])) return;
  throw new Failure(
    "A transaction-mode pooler is in the way: give codex-migrate the server's own address.",
  );
}

/** The server's process behind a connection. */
export async function backendOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}

/**
 * For a session that lasts, which may have nothing to do for hours while another one works: the server does not end it
 * for that, and finds out soon when our process, or the machine that it ran on, is gone.
 */
export const lasting = `
  set idle_session_timeout = 0;
  set client_connection_check_interval = '500ms';
  set tcp_keepalives_idle = 30;
  set tcp_keepalives_interval = 10;
  set tcp_keepalives_count = 3`;

// row_security off: what a policy would hide is an error here and never a partial answer.
const ownerSettings = `
  ${lasting};
  set search_path = pg_catalog;
  set row_security = off;
  set lock_timeout = '300ms';
  set statement_timeout = '30min';
  set idle_in_transaction_session_timeout = '5min';
  set client_min_messages = notice`;

/** What every file starts from: nothing left of the one before. */
export async function becomeOwner(client: pg.Client): Promise<void> {
  try {
    // A prepared statement or a temporary table that stayed would stand in the way of the next try.
    await client.query(
      "reset all; reset role; deallocate all; close all; unlisten *; discard temp; set role codex_owner",
    );
  } catch (error) {
    throw ownerFailure(error, addressOf(client));
  }
  await client.query(ownerSettings);
}

function ownerFailure(error: unknown, address: string): Failure {
  // 22023: no such role; 42501: not a member of it.
  const remedy =
    fieldOf(error, "code") === "42501"
      ? "grant codex_owner to that login role"
      : 'an administrator runs "codex-migrate bootstrap" first';
  return new Failure(`${address} cannot become codex_owner: ${remedy}.`, { cause: error });
}
