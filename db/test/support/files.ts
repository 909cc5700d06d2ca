import { readFile, readdir } from "node:fs/promises";

const db = new URL("../../", import.meta.url);

/** A migration and its rollback, with the text of both. */
export interface MigrationFile {
  readonly version: number;
  readonly name: string;
  readonly path: string;
  readonly up: string;
  readonly down: string;
}

/** The migrations in order. Throws when one has no rollback of the same name. */
export async function migrationFiles(): Promise<MigrationFile[]> {
  const names = (await readdir(new URL("migrations/", db))).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const path = new URL(`migrations/${name}`, db);
      return {
        version: Number(name.slice(0, 3)),
        name,
        path: path.pathname,
        up: await readFile(path, "utf8"),
        down: await readFile(new URL(`rollbacks/${name}`, db), "utf8"),
      };
    }),
  );
}

/** Text of a file below `db/`. */
export function readDbFile(path: string): Promise<string> {
  return readFile(new URL(path, db), "utf8");
}
