import type pg from "pg";
import { expectationOf } from "../lint/expect.ts";
import { kindOf } from "../runner/kinds.ts";
import type { Statement } from "../runner/statements.ts";
import { readLocks, readRelations } from "./relations.ts";
import type { Lock, Relation, Relations } from "./relations.ts";

/** Work that takes longer the more rows there are. */
export interface Work {
  readonly kind: "rewrites" | "scans" | "builds an index on";
  readonly relation: string;
}

/** What one statement did, as it was seen. */
export interface Measurement {
  readonly statement: Statement;
  readonly durationMs: number;
  readonly walBytes: number;
  /** Locks that it took on relations that were there before, strongest of each. */
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  /** Of those that are held now, the ones that make writers wait. */
  readonly blocking: readonly string[];
  readonly work: readonly Work[];
  /** What there was when it had run. */
  readonly seen: Seen;
}

// From weak to strong, as pg_locks names them.
const modes = [
  "AccessShareLock",
  "RowShareLock",
  "RowExclusiveLock",
  "ShareUpdateExclusiveLock",
  "ShareLock",
  "ShareRowExclusiveLock",
  "ExclusiveLock",
  "AccessExclusiveLock",
];
const firstBlocking = modes.indexOf("ShareLock");

// What the server says of its work at debug1. Names come without their schema.
const messages: readonly (readonly [RegExp, Work["kind"]])[] = [
  [/^rewriting table "(.+)"/, "rewrites"],
  [/^verifying table "(.+)"/, "scans"],
  [/^building index ".+" on table "([^"]+)"/, "builds an index on"],
];

/** The relations, this session's locks, and how far the log of the server is, at one moment. */
export interface Seen {
  readonly relations: Relations;
  readonly locks: readonly Lock[];
  /** Bytes of WAL since the beginning. */
  readonly wal: bigint;
}

/**
 * Runs a statement and sees what it did: locks, rewritten files, scans, index builds, WAL. `before` are
 * the relations that were there before the release; work on others costs nothing, they are new. `seen` is what
 * there was when the statement before had run; it is looked again where nothing is given.
 */
export async function measure(
  client: pg.Client,
  statement: Statement,
  { before, seen }: { before: Relations; seen: Seen | undefined },
): Promise<Measurement> {
  const said: string[] = [];
  const listen = (notice: { message?: string | undefined }): void => {
    said.push(notice.message ?? "");
  };
  const first = seen ?? (await look(client));
  client.on("notice", listen);
  const start = performance.now();
  try {
    await client.query(statement.text);
  } finally {
    client.off("notice", listen);
  }
  const durationMs = performance.now() - start;
  const last = await look(client);
  const walBytes = Number(last.wal - first.wal);
  const compared = compare({ statement, before, first, last, said });
  return { statement, durationMs, walBytes, seen: last, ...compared };
}

async function look(client: pg.Client): Promise<Seen> {
  const [relations, locks, { rows }] = await Promise.all([
    readRelations(client),
    readLocks(client),
    client.query<{ wal: string }>(
      "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as wal",
    ),
  ]);
  return { relations, locks, wal: BigInt(rows[0]?.wal ?? 0) };
}

interface Observed {
  readonly statement: Statement;
  readonly before: Relations;
  readonly first: Seen;
  readonly last: Seen;
  readonly said: readonly string[];
}

function compare(seen: Observed): Pick<Measurement, "locks" | "blocking" | "work"> {
  const held = strongest(seen.last.locks, seen.before);
  const earlier = strongest(seen.first.locks, seen.before);
  const locks = [...held]
    .filter(([relation, mode]) => earlier.get(relation) !== mode)
    .map(([relation, mode]) => ({ relation, mode: modes[mode] ?? "" }));
  const work = unique([...rewrites(seen), ...spoken(seen), ...scans(seen)]);
  return { locks, work, blocking: blockingNow(seen, held, work) };
}

// A table's lock outlives the statement inside a transaction only; outside, the words tell it.
function blockingNow(
  { statement, last }: Observed,
  held: ReadonlyMap<string, number>,
  work: readonly Work[],
): string[] {
  if (last.locks.length > 0 && held.size > 0) {
    return [...held].filter(([, mode]) => mode >= firstBlocking).map(([relation]) => relation);
  }
  const expected = expectationOf(statement.text).lock;
  const isBlocking = ["SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"].includes(
    expected,
  );
  return isBlocking ? work.map(({ relation }) => relation) : [];
}

function strongest(locks: readonly Lock[], before: Relations): Map<string, number> {
  const found = new Map<string, number>();
  for (const { oid, mode } of locks) {
    const relation = before.get(oid);
    if (relation === undefined || relation.kind === "i") continue;
    found.set(relation.name, Math.max(found.get(relation.name) ?? 0, modes.indexOf(mode)));
  }
  return found;
}

// TRUNCATE gives a table a new file too, at no cost.
function rewrites({ statement, before, first, last }: Observed): Work[] {
  if (/^truncate\b/i.test(statement.text)) return [];
  return [...changed(before, first, last, "filenode")]
    .filter(({ kind }) => kind !== "i")
    .map(({ name }) => ({ kind: "rewrites" as const, relation: name }));
}

function spoken({ before, said }: Observed): Work[] {
  return said.flatMap((message) =>
    messages.flatMap(([pattern, kind]) => {
      const short = pattern.exec(message)?.[1];
      return named(before, short).map((relation) => ({ kind, relation: relation.name }));
    }),
  );
}

// Only of statements that define something: what a query scans in a small clone says nothing.
function scans({ statement, before, first, last }: Observed): Work[] {
  if (kindOf(statement.text) === "data") return [];
  return [...changed(before, first, last, "scans")]
    .filter(({ kind }) => kind !== "i")
    .map(({ name }) => ({ kind: "scans" as const, relation: name }));
}

function changed(
  before: Relations,
  ...[first, last, field]: [first: Seen, last: Seen, field: "filenode" | "scans"]
): Relation[] {
  return [...before.values()].filter(({ oid }) => {
    const now = last.relations.get(oid)?.[field];
    return now !== undefined && now !== first.relations.get(oid)?.[field];
  });
}

function named(before: Relations, short: string | undefined): Relation[] {
  if (short === undefined) return [];
  return [...before.values()].filter(
    (relation) => relation.short === short && relation.kind !== "i",
  );
}

// What a rewrite or an index build does besides is a part of it.
const within: Readonly<Record<Work["kind"], readonly Work["kind"][]>> = {
  rewrites: [],
  "builds an index on": ["rewrites"],
  scans: ["rewrites", "builds an index on"],
};

function unique(work: readonly Work[]): Work[] {
  const seen = new Map(work.map((one) => [`${one.kind} ${one.relation}`, one]));
  return [...seen.values()].filter(
    ({ kind, relation }) => !within[kind].some((whole) => seen.has(`${whole} ${relation}`)),
  );
}
