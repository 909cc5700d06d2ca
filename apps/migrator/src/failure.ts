/** Exit codes of `codex-migrate`, as documented in its README. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  pending: 3,
  drift: 4,
  lint: 5,
  lockBusy: 6,
  verifyRed: 7,
  backup: 8,
  unhealthy: 9,
} as const;

/** An expected end: one sentence that names the cause and the remedy, and the exit code. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: number;

  constructor(message: string, options: { code?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code ?? exitCode.failed;
  }
}

/** The exit code that an end has. */
export function codeOf(error: unknown): number {
  if (error instanceof Failure) return error.code;
  // 55P03: a lock was not free in time.
  return fieldOf(error, "code") === "55P03" ? exitCode.lockBusy : exitCode.failed;
}

/** The fields of an error that pg or the network gives; each may be missing. */
interface ServerError {
  readonly code?: unknown;
  readonly message: string;
  readonly detail?: unknown;
  readonly hint?: unknown;
  readonly position?: unknown;
}

/** Text of a field of an unknown error, or undefined. */
export function fieldOf(
  error: unknown,
  field: "code" | "detail" | "hint" | "position",
): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const value = (error as ServerError)[field]; // pg adds these to Error without a class of its own
  return typeof value === "string" ? value : undefined;
}

// What a connection may die of, in words that say what to do. `%` stands for the server's address.
const connectionFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: "No server answers at %: start PostgreSQL there, or correct the host and port.",
  ENOTFOUND: "The host of % is unknown: correct its name in DATABASE_URL.",
  EAI_AGAIN: "The host of % cannot be looked up: correct its name in DATABASE_URL.",
  ETIMEDOUT: "The server at % does not answer: check the network and the firewall.",
  ECONNRESET: "The server at % closed the connection: check that PostgreSQL listens there.",
  EHOSTUNREACH: "The server at % cannot be reached: check the network.",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "The certificate of % is of nobody that sslrootcert trusts.",
  SELF_SIGNED_CERT_IN_CHAIN: "The certificate of % is of nobody that sslrootcert trusts.",
  DEPTH_ZERO_SELF_SIGNED_CERT: "The certificate of % is of nobody that sslrootcert trusts.",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "The certificate of % is of nobody that sslrootcert trusts.",
  CERT_HAS_EXPIRED: "The certificate of % has expired: renew it on the server.",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "The certificate of % is for another host: use a name that it holds, or sslmode=verify-ca.",
  "28P01": "The password for % is wrong: correct it in DATABASE_URL or PGPASSWORD.",
  "28000": "The server refuses the login of %: create the role, or allow it in pg_hba.conf.",
  "42501":
    "The login of % may not connect to this database: grant connect on database … to that login.",
  "3D000": "The database of % does not exist: create it, or correct the name.",
  "53300": "The server at % has no connection free: try again later, or raise max_connections.",
  "57P03": "The server at % is starting or stopping: try again in a moment.",
};

/** Turns what a failed connection gave into one sentence. `address` holds no password. */
export function connectionFailure(error: unknown, address: string): Failure {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = fieldOf(first, "code") ?? "";
  const text = first instanceof Error ? first.message : String(first);
  if (text.includes("denied to set parameter")) {
    return new Failure(
      `The login of ${address} may not have a setting that it asks for, ${text}: take it out of "options" in DATABASE_URL or PGOPTIONS, or grant set on parameter … to that login.`,
      { cause: error },
    );
  }
  if (text.includes("client password must be")) {
    return new Failure(
      `The server asks ${address} for a password, and none is given: put it into DATABASE_URL or PGPASSWORD.`,
      { cause: error },
    );
  }
  const known = connectionFailures[code];
  if (text.includes("does not support SSL")) {
    return new Failure(
      `The server at ${address} offers no TLS: turn ssl on there, or ask for less with sslmode=prefer.`,
      { cause: error },
    );
  }
  return new Failure(known?.replace("%", address) ?? `Cannot connect to ${address}: ${text}.`, {
    cause: error,
  });
}

// What the server refused, and what to do; better than a hint of its own.
const remedies: Readonly<Record<string, string>> = {
  "42501":
    'The login or codex_owner lacks a right in this database: grant codex_owner to a login that is to have its rights, and where codex_owner lacks them, an administrator runs "codex-migrate bootstrap" on it',
  "25006":
    "The server or the transaction is read-only: name the primary, or find out why it is read-only",
  "53100": "The server's disk is full: make room there and run again",
  "55P03": "Another session holds a lock on it for too long: let it end, or end it, and run again",
  "57P01": "The server is shutting down: run again when it is back",
};

// The runner asks for this error, where a policy would have left out rows without a word.
const policyRemedy =
  "A function of another owner than codex_owner read a table with policies: put `set local row_security = on` before the statement that calls it and off behind it, or, in a file without a transaction, into a DO block with the call";

// Of the ledger, which codex_owner owns, only a login that reads as itself is refused.
const readerRemedy = "Grant pg_read_all_data to that login";

// Where an error's own words say more than its code.
const toldRemedies: readonly (readonly [RegExp, string])[] = [
  [/affected by row-level security policy/, policyRemedy],
  [/denied for (?:schema codex_migrator|table ledger|table statements)$/, readerRemedy],
];

/** One line for whatever was thrown, with what to do about it where that is known. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const told = toldRemedies.find(([words]) => words.test(error.message));
  const hint = told?.[1] ?? remedies[fieldOf(error, "code") ?? ""] ?? fieldOf(error, "hint");
  return hint === undefined ? error.message : `${error.message}. ${hint.replace(/\.$/, "")}`;
}
