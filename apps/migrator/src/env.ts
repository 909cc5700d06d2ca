/** The environment the tool reads, in one place. */
export interface Environment {
  /** `DATABASE_URL`: the database to work on, unless `--database-url` names one. */
  readonly databaseUrl: string | undefined;
  /** `PGHOST` or another of libpq's variables is set, so that no URL is needed. */
  readonly hasPgVariables: boolean;
  /** `CODEX_GIT_COMMIT` or the pipeline's own variable: recorded in the ledger. */
  readonly gitCommit: string | undefined;
}

export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return {
    databaseUrl: variables["DATABASE_URL"] || undefined,
    hasPgVariables: ["PGHOST", "PGDATABASE", "PGUSER", "PGPORT"].some((name) => variables[name]),
    gitCommit: variables["CODEX_GIT_COMMIT"] || variables["GITHUB_SHA"] || undefined,
  };
}
