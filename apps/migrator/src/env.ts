/** What is read beside the numbers and libpq's variables, for the reference in docs/. */
export const variableHelp = {
  DATABASE_URL: "the database, unless `--database-url` names one",
  CODEX_MIGRATE_DIR: "the db folder, unless `--dir` names one; the checkout's own by default",
  CODEX_MIGRATE_SCRATCH_URL:
    "an administrator's address for throw-away databases, unless `--scratch-url` names one",
  CODEX_GIT_COMMIT: "the commit that the ledger notes with each file; nothing by default",
  GITHUB_SHA: "the same where `CODEX_GIT_COMMIT` is not set, as pipelines of GitHub set it",
  GITHUB_ACTOR: "who runs it, for the ledger, unless `--author` says",
  USER: "the same where `GITHUB_ACTOR` is not set",
  PGPASSWORD: "the password where the address has none; it is printed nowhere",
  PATH: "where `pg_dump` and `pg_restore` are looked for",
  HOME: "whose `.postgresql` holds what TLS needs and is named nowhere else",
  TERM: "`dumb`: lines below each other, with no step drawn below them",
} as const;

/** The environment the tool reads, in one place. */
export interface Environment {
  /** `DATABASE_URL`: the database to work on, unless `--database-url` names one. */
  readonly databaseUrl: string | undefined;
  /** `CODEX_MIGRATE_DIR`: the db folder, unless `--dir` names one. */
  readonly dir: string | undefined;
  /** `CODEX_MIGRATE_SCRATCH_URL`: an administrator's address for throw-away databases. */
  readonly scratchUrl: string | undefined;
  /** `PGHOST` or another of libpq's variables is set, so that no URL is needed. */
  readonly hasPgVariables: boolean;
  /** `CODEX_GIT_COMMIT` or the pipeline's own variable: recorded in the ledger. */
  readonly gitCommit: string | undefined;
  /** Who runs it, where the pipeline says so: the author of a repair. */
  readonly author: string | undefined;
  /** `PGPASSWORD`: only so that it is never printed; pg reads it by itself. */
  readonly password: string | undefined;
  /** `TERM` says that the terminal only writes line below line. */
  readonly isDumbTerminal: boolean;
  /** `CODEX_MIGRATE_*`: settings by their names. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  // One that is not in the reference does not compile.
  const read = (name: keyof typeof variableHelp): string | undefined =>
    variables[name] || undefined;
  return {
    databaseUrl: read("DATABASE_URL"),
    dir: read("CODEX_MIGRATE_DIR"),
    scratchUrl: read("CODEX_MIGRATE_SCRATCH_URL"),
    hasPgVariables: ["PGHOST", "PGDATABASE", "PGUSER", "PGPORT"].some((name) => variables[name]),
    gitCommit: read("CODEX_GIT_COMMIT") ?? read("GITHUB_SHA"),
    author: read("GITHUB_ACTOR") ?? read("USER"),
    password: read("PGPASSWORD"),
    isDumbTerminal: read("TERM") === "dumb",
    variables,
  };
}

/** The environment of a client program such as pg_dump: its search path, and the address apart. */
export function programEnvironment(
  extra: Readonly<Record<string, string>>,
  variables: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return { PATH: variables["PATH"], HOME: variables["HOME"], LC_ALL: "C", ...extra };
}
