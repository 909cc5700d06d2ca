import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { exitCode, Failure } from "../failure.ts";
import { decodeText } from "./text.ts";

/** One numbered migration of the folder, and where its way back lies. */
export interface MigrationFile {
  readonly version: number;
  readonly name: string;
  readonly path: string;
  readonly rollbackPath: string;
  readonly text: string;
  /** SHA-256 of the file as it lies there, hexadecimal. */
  readonly sha256: string;
}

/** The migrations of `<dir>/migrations`, in order. Fails on a missing folder and on a wrong number. */
export async function readMigrations(dir: string): Promise<MigrationFile[]> {
  const names = (await listFolder(join(dir, "migrations"))).filter((name) => name.endsWith(".sql"));
  const files = await Promise.all(names.toSorted().map((name) => readMigration(dir, name)));
  for (const [at, file] of files.entries()) {
    if (file.version === at + 1) continue;
    const wrong = file.version === files[at - 1]?.version ? "used twice" : "out of sequence";
    throw new Failure(`The number of ${file.name} is ${wrong}: expected ${padded(at + 1)}.`, {
      code: exitCode.drift,
    });
  }
  return files;
}

/** Text of the file's rollback. Fails when there is none. */
export async function readRollback(file: MigrationFile): Promise<string> {
  return readText(file.rollbackPath, `${file.name} has no rollback`);
}

/** Text of a file; the failure says what is missing. */
export async function readText(path: string, problem: string): Promise<string> {
  return decodeText(await readBytes(path, problem), path);
}

async function readBytes(path: string, problem: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Failure(`${problem}: cannot read ${path}.`, { cause: error });
  }
}

/** Names in a folder. Fails with a sentence when it cannot be read. */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    throw new Failure(`Cannot read the folder ${path}: give the db folder with --dir.`, {
      code: exitCode.usage,
      cause: error,
    });
  }
}

/** A version as files write it: 7 is "007". */
export function padded(version: number): string {
  return String(version).padStart(3, "0");
}

async function readMigration(dir: string, name: string): Promise<MigrationFile> {
  const number = /^(\d{3})_[a-z0-9_]+\.sql$/.exec(name)?.[1];
  if (number === undefined) {
    throw new Failure(`${name} is no name of a migration: use NNN_words_in_lower_case.sql.`, {
      code: exitCode.drift,
    });
  }
  const path = join(dir, "migrations", name);
  const bytes = await readBytes(path, `${name} is missing`);
  return {
    version: Number(number),
    name,
    path,
    rollbackPath: join(dir, "rollbacks", name),
    text: decodeText(bytes, name),
    sha256: createHash("sha256").update(bytes).digest("hex"),
  };
}

/** Text of a file that need not be there. */
export async function readOptional(path: string): Promise<string | undefined> {
  try {
    return decodeText(await readFile(path), path);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new Failure(`${path} cannot be read: check its rights.`, { cause: error });
  }
}
