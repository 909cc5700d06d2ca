const variables = process.env;

/** `DATABASE_URL`: the database to work on instead of the embedded one. */
export function databaseUrl(): string | undefined {
  return variables["DATABASE_URL"] || undefined;
}

/** Our environment with some variables set, for a program that we run. */
export function environmentWith(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...variables, TURBO_TELEMETRY_DISABLED: "1", ...extra };
}
