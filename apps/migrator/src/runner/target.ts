import { exitCode, Failure } from "../failure.ts";

/** Where to connect; pg reads `PG*` variables for what the URL leaves out. */
export interface Target {
  readonly url: string | undefined;
  /** Another database than the URL or PGDATABASE names. */
  readonly database?: string;
}

/** The same server, another database. */
export function withDatabase({ url }: Target, database: string): Target {
  return { url, database };
}

/** The target's URL with its database; undefined where `PG*` variables name the server. */
export function urlOf({ url, database }: Target): string | undefined {
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
