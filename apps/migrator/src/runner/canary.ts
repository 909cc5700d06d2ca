import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { cut } from "./session.ts";

/** How long a plain reader of a locked table stood still. */
export interface Stall {
  readonly ms: number;
  readonly relation: string | undefined;
}

/** A session beside the runner's that reads what the runner locks. */
export interface Canary {
  /** The longest stall since the last call; one that lasts counts as far as it has come. */
  takeStall(): Stall;
  /** Who stood in the runner's way since the last call. */
  takeBlockers(): string[];
  close(): Promise<void>;
}

const pollMs = 50;

/**
 * Watches the runner's backend: whatever it holds or wants in ACCESS EXCLUSIVE mode is read as any
 * client would read it, and the longest read is remembered. `client` becomes the canary's own.
 */
export function watch(client: pg.Client, backend: number): Canary {
  const state: State = { blockers: new Set(), longest: none, reading: undefined, closed: false };
  // It only observes: a canary that dies never stops a release.
  const looking = look(client, backend, state).catch(() => {});
  return {
    takeStall: () => {
      const { reading } = state;
      if (reading !== undefined) remember(state, reading);
      const { longest } = state;
      state.longest = none;
      return longest;
    },
    takeBlockers: () => {
      const seen = [...state.blockers];
      state.blockers.clear();
      return seen;
    },
    close: async () => {
      state.closed = true;
      // It may stand behind a lock right now.
      cut(client);
      await looking;
    },
  };
}

const none: Stall = { ms: 0, relation: undefined };

interface Reading {
  readonly relation: string;
  readonly start: number;
}

interface State {
  readonly blockers: Set<string>;
  longest: Stall;
  reading: Reading | undefined;
  closed: boolean;
}

async function look(client: pg.Client, backend: number, state: State): Promise<void> {
  while (!state.closed) {
    const { relation, blockers } = await readLocks(client, backend);
    for (const who of blockers) state.blockers.add(who);
    if (relation !== undefined) {
      const reading = { relation, start: performance.now() };
      state.reading = reading;
      // Not shortened by our own limits: the point is to see how long it takes.
      await client.query(`select from ${relation} limit 0`);
      state.reading = undefined;
      remember(state, reading);
    }
    await sleep(pollMs);
  }
}

function remember(state: State, { relation, start }: Reading): void {
  const ms = performance.now() - start;
  if (ms > state.longest.ms) state.longest = { ms, relation };
}

interface Wanted {
  readonly relation: string | undefined;
  readonly blockers: readonly string[];
}

async function readLocks(client: pg.Client, backend: number): Promise<Wanted> {
  const { rows } = await client.query<{ relation: string | null; blockers: string[] }>(
    `select
       (select format('%I.%I', n.nspname, c.relname)
        from pg_locks l
        join pg_class c on c.oid = l.relation
        join pg_namespace n on n.oid = c.relnamespace
        where l.pid = $1 and l.mode = 'AccessExclusiveLock' and c.relkind in ('r', 'p', 'm')
          and n.nspname !~ '^(pg_|information_schema$|codex_migrator$)'
        order by l.granted, l.relation limit 1) as relation,
       array(
         select format('pid %s (%s)', a.pid,
           concat_ws(', ', coalesce(nullif(a.application_name, ''), a.usename), a.state))
         from pg_stat_activity a where a.pid = any (pg_blocking_pids($1))) as blockers`,
    [backend],
  );
  return { relation: rows[0]?.relation ?? undefined, blockers: rows[0]?.blockers ?? [] };
}
