import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ConnectionOptions } from "node:tls";
import { exitCode, Failure, fieldOf } from "../failure.ts";
import { readOptional } from "./files.ts";

const modes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** What libpq calls sslmode. */
export type TlsMode = (typeof modes)[number];

/** How TLS is asked for, in libpq's words: by parameters of the URL, or else by `PGSSL*` variables. */
export interface Tls {
  readonly mode: TlsMode;
  /** Path of the certificates to trust; "system" means those of the machine. */
  readonly rootCert: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** The handshake comes first, without asking the server (PostgreSQL 17 and on). */
  readonly isDirect: boolean;
  /** Where libpq looks for files that nobody names: `~/.postgresql`. */
  readonly home: string;
}

const parameters = ["sslmode", "sslrootcert", "sslcert", "sslkey", "sslnegotiation"] as const;

// Of a URL besides: what pg takes, and what of libpq's changes nothing here.
const others = new Set(
  `host port user password application_name fallback_application_name options client_encoding
   statement_timeout lock_timeout idle_in_transaction_session_timeout connect_timeout keepalives
   keepalives_idle keepalives_interval keepalives_count tcp_user_timeout target_session_attrs`.split(
    /\s+/u,
  ),
);

// Guards that there are not here: wanted is refused, anything weaker changes nothing.
const guards: ReadonlyMap<string, RegExp> = new Map([
  ["channel_binding", /^require$/],
  ["gssencmode", /^require$/],
  ["require_auth", /./],
  ["sslcrl", /./],
  ["sslcrldir", /./],
]);

/**
 * Reads the TLS settings. Fails on a mode that libpq does not know either, and on a parameter that would be
 * passed over: a connection that somebody believes to be guarded by it must not be made.
 */
export function readTls(
  url: string | undefined,
  variables: Readonly<Record<string, string | undefined>>,
): Tls {
  const query = url === undefined ? undefined : URL.parse(url)?.searchParams;
  for (const [name, value] of query ?? []) requireKnown(name, value);
  for (const [name, wanted] of guards) {
    const variable = `PG${name.replaceAll("_", "").toUpperCase()}`;
    if (query?.has(name) !== true && wanted.test(variables[variable] ?? ""))
      throw wrong(`${variable} asks for a guard that there is not here: unset it`);
  }
  const valueOf = (name: (typeof parameters)[number]): string | undefined =>
    query?.get(name) || variables[`PG${name.toUpperCase()}`] || undefined;
  const rootCert = valueOf("sslrootcert");
  const mode = modeOf(valueOf("sslmode") ?? (rootCert === "system" ? "verify-full" : "prefer"));
  if (rootCert === "system" && mode !== "verify-full") {
    throw wrong(`sslrootcert=system proves nothing with sslmode=${mode}: use verify-full`);
  }
  const isDirect = valueOf("sslnegotiation") === "direct";
  if (isDirect && ["disable", "allow", "prefer"].includes(mode)) {
    throw wrong(`sslnegotiation=direct needs sslmode=require or stronger, not ${mode}`);
  }
  const home = join(variables["HOME"] ?? "/", ".postgresql");
  return { mode, rootCert, cert: valueOf("sslcert"), key: valueOf("sslkey"), isDirect, home };
}

/** The URL without the parameters of TLS, which pg would read in its own way. */
export function withoutTls(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url;
  for (const name of parameters) parsed.searchParams.delete(name);
  return parsed.href;
}

/** `false` is a plain connection. */
export type Attempt = ConnectionOptions | false;

/** What to try, in this order. Fails (2) when a file that is named is not there. */
export async function attemptsOf(tls: Tls): Promise<Attempt[]> {
  if (tls.mode === "disable") return [false];
  const own = await ownCertificate(tls);
  const unverified: Attempt = { ...own, rejectUnauthorized: false };
  if (tls.mode === "allow") return [false, unverified];
  if (tls.mode === "prefer") return [unverified, false];
  const ca = await rootCertificates(tls);
  if (tls.mode === "verify-full") return [{ ...own, ca }];
  if (ca !== undefined) return [{ ...own, ca, checkServerIdentity: () => undefined }];
  return [unverified];
}

/** Whether another attempt can help: TLS is not there, fails, or is what the server refuses. */
export function isAboutTls(error: unknown): boolean {
  if (error instanceof Error && /does not support SSL|SSL connection/.test(error.message))
    return true;
  return /^(28000$|EPROTO$|ERR_SSL_|ERR_TLS_)/.test(fieldOf(error, "code") ?? "");
}

/** The variables by which a client program such as pg_dump does the same. */
export function tlsVariables(tls: Tls): Record<string, string> {
  const named = { PGSSLROOTCERT: tls.rootCert, PGSSLCERT: tls.cert, PGSSLKEY: tls.key };
  const given = Object.entries(named).filter((entry) => entry[1] !== undefined);
  const direct = tls.isDirect ? { PGSSLNEGOTIATION: "direct" } : {};
  return {
    PGSSLMODE: tls.mode,
    ...(Object.fromEntries(given) as Record<string, string>),
    ...direct,
  };
}

function requireKnown(name: string, value: string): void {
  const isKnown = others.has(name) || parameters.some((known) => known === name);
  if (isKnown || guards.get(name)?.test(value) === false) return;
  throw wrong(
    `the URL's parameter ${name} is not known here: correct it or take it out; of TLS there are ${parameters.join(", ")}`,
  );
}

function modeOf(text: string): TlsMode {
  const mode = modes.find((known) => known === text);
  if (mode === undefined) throw wrong(`sslmode=${text} is none: use one of ${modes.join(", ")}`);
  return mode;
}

async function ownCertificate(tls: Tls): Promise<ConnectionOptions> {
  const cert = await readNamed("sslcert", tls.cert, join(tls.home, "postgresql.crt"));
  if (cert === undefined) return {};
  const key = await readNamed("sslkey", tls.key, join(tls.home, "postgresql.key"));
  if (key === undefined) throw wrong("sslcert is of no use without sslkey: name its key");
  return { cert, key };
}

async function rootCertificates(tls: Tls): Promise<string[] | undefined> {
  if (tls.rootCert === "system") return (await import("node:tls")).getCACertificates("system");
  const usual = join(tls.home, "root.crt");
  const text = await readNamed("sslrootcert", tls.rootCert, usual);
  if (text !== undefined) return [text];
  if (tls.mode === "require") return undefined;
  throw wrong(
    `sslmode=${tls.mode} needs the certificates to trust: name their file with sslrootcert (or PGSSLROOTCERT), or put them into ${usual}`,
  );
}

async function readNamed(
  name: string,
  path: string | undefined,
  usual: string,
): Promise<string | undefined> {
  if (path === undefined) return readOptional(usual);
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new Failure(`${name} cannot be read: ${path}.`, { code: exitCode.usage, cause });
  }
}

function wrong(problem: string): Failure {
  return new Failure(`${problem}.`, { code: exitCode.usage });
}
