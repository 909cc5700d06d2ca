import { Failure } from "../failure.ts";
import { isVersion } from "./versions.ts";

/** Where a change stands that is spread over releases. */
export type Phase = "expand" | "backfill" | "contract";

/** What a file says about itself, in lines such as `-- codex: no-transaction`. */
export interface Headers {
  readonly transaction: boolean;
  readonly phase: Phase | undefined;
  /** The version of the application that a contract needs gone: `-- codex: after-version 2.4.0`. */
  readonly afterVersion: string | undefined;
  readonly backfill: BackfillHeader | undefined;
  /** Why the file may do heavy work under a lock all the same: `-- codex: heavy nobody writes at night`. */
  readonly heavy: string | undefined;
}

/** `-- codex: backfill codex.moves by workspace_id, id batch 5000` */
export interface BackfillHeader {
  readonly table: string;
  readonly key: readonly string[];
  readonly batch: number;
}

const phases: readonly Phase[] = ["expand", "backfill", "contract"];

/** Reads the headers of a file. Fails on one that it does not know, with its line. */
export function readHeaders(text: string, name: string): Headers {
  let headers: Headers = {
    transaction: true,
    phase: undefined,
    afterVersion: undefined,
    backfill: undefined,
    heavy: undefined,
  };
  for (const [at, line] of text.split(/\r\n?|\n/).entries()) {
    // However it is spaced: one that was passed over would let a contract come too early.
    const said = /^\s*--\s*codex\s*:\s*(.*?)\s*$/i.exec(line)?.[1];
    if (said === undefined) continue;
    const more = readHeader(said);
    if (more === undefined) {
      throw new Failure(`${name}:${at + 1} has a header that is not known: "${said}".`);
    }
    if (more.afterVersion !== undefined && !isVersion(more.afterVersion)) {
      throw new Failure(
        `${name}:${at + 1} names no semantic version such as 2.4.0: "${more.afterVersion}".`,
      );
    }
    headers = { ...headers, ...more };
  }
  return checked(headers, name);
}

function readHeader(said: string): Partial<Headers> | undefined {
  if (said === "no-transaction") return { transaction: false };
  const phase = phases.find((known) => said === `phase ${known}`);
  if (phase !== undefined) return { phase };
  const version = /^after-version (\S+)$/.exec(said)?.[1];
  if (version !== undefined) return { afterVersion: version };
  const heavy = /^heavy (.+)$/.exec(said)?.[1];
  if (heavy !== undefined) return { heavy };
  const backfill = /^backfill ([\w."]+) by ([\w, ]+?) batch (\d{1,6})$/.exec(said);
  if (backfill === null) return undefined;
  const [, table = "", key = "", batch = ""] = backfill;
  const columns = key.split(",").map((column) => column.trim());
  return { transaction: false, backfill: { table, key: columns, batch: Number(batch) } };
}

function checked(headers: Headers, name: string): Headers {
  if (headers.backfill !== undefined && headers.backfill.batch < 1) {
    throw new Failure(`${name} fills back in batches of none: give "batch" a number above zero.`);
  }
  if ((headers.phase === "backfill") !== (headers.backfill !== undefined)) {
    throw new Failure(
      `${name}: "phase backfill" and "backfill TABLE by KEY batch N" belong together.`,
    );
  }
  if (headers.phase === "contract" && headers.afterVersion === undefined) {
    throw new Failure(
      `${name} is a contract: name the oldest version that no longer needs what it removes, with "-- codex: after-version 2.4.0".`,
    );
  }
  return headers;
}
