/** The environment the tool reads, in one place. */
export interface Environment {
  /** `DATABASE_URL`: the database to work on, unless `--database-url` names one. */
  readonly databaseUrl: string | undefined;
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
  return {
    databaseUrl: variables["DATABASE_URL"] || undefined,
    scratchUrl: variables["CODEX_MIGRATE_SCRATCH_URL"] || undefined,
    hasPgVariables: ["PGHOST", "PGDATABASE", "PGUSER", "PGPORT"].some((name) => variables[name]),
    gitCommit: variables["CODEX_GIT_COMMIT"] || variables["GITHUB_SHA"] || undefined,
    author: variables["GITHUB_ACTOR"] || variables["USER"] || undefined,
    password: variables["PGPASSWORD"] || undefined,
    isDumbTerminal: variables["TERM"] === "dumb",
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
