/** `DATABASE_URL`: the database to seed; its login must be able to become codex_service. */
export function databaseUrl(): string {
  const url = process.env["DATABASE_URL"];
  if (url) return url;
  throw new Error("No database is named: set DATABASE_URL.");
}
