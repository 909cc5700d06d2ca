import { exitCode, Failure } from "../failure.ts";
import type { Tls } from "./tls.ts";

/** Where to connect; pg reads `PG*` variables for what the URL leaves out. */
export interface Target {
  readonly url: string | undefined;
  readonly tls: Tls;
  /** Another database than the URL or PGDATABASE names. */
  readonly database?: string;
}

/** The same server, another database. */
export function withDatabase({ url, tls }: Target, database: string): Target {
  return { url, tls, database };
}

/** The target's URL with its database; undefined where `PG*` variables name the server. */
export function urlOf({ url, database }: Pick<Target, "url" | "database">): string | undefined {
  if (url === undefined) return undefined;
  const parsed = parseUrl(url);
  if (database !== undefined) parsed.pathname = `/${encodeURIComponent(database)}`;
  return parsed.href;
}

function parseUrl(text: string): URL {
  if (!/^postgres(ql)?:\/\//.test(text)) throw malformedUrl();
  try {
    return new URL(text);
  } catch (error) {
    throw malformedUrl(error);
  }
}

/** Wrong usage: what stands for the URL is none. */
export function malformedUrl(cause?: unknown): Failure {
  return new Failure(
    "The database URL is malformed: write postgres://user:password@host:port/database.",
    { code: exitCode.usage, cause },
  );
}
