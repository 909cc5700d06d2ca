import { delimiter, resolve } from "node:path";

const variables = process.env;

/** PostgreSQL versions that the kit can start. */
export type Major = 15 | 16 | 17 | 18;

/** Every supported major version, oldest first. */
export const majors: readonly Major[] = [15, 16, 17, 18];

/** `CODEX_POSTGRES`: major version of servers that name none; 18 when unset. Throws on any other word. */
export function defaultMajor(): Major {
  const wanted = variables["CODEX_POSTGRES"] || "18";
  const major = majors.find((known) => String(known) === wanted);
  if (major === undefined) {
    throw new Error(`CODEX_POSTGRES is "${wanted}"; set it to one of ${majors.join(", ")}.`);
  }
  return major;
}

/** `CODEX_DATA_FOLDER`: where servers keep their data, when not in the usual place. */
export function dataFolder(): string | undefined {
  const folder = variables["CODEX_DATA_FOLDER"];
  return folder ? resolve(folder) : undefined;
}

/** Names that folder for this process and those that it starts. */
export function setDataFolder(folder: string): void {
  variables["CODEX_DATA_FOLDER"] = folder;
}

/** `CODEX_TEST_DATABASE_URL`: a migrated database on any server, for tests that share one. */
export function sharedDatabaseUrl(): string | undefined {
  return variables["CODEX_TEST_DATABASE_URL"] || undefined;
}

/** Whether a pipeline is running the tests (`CI=true`). */
export const isPipeline: boolean = variables["CI"] === "true";

/** Folders in which commands are looked for. */
export function commandFolders(): string[] {
  return (variables["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
}

/** Environment of a PostgreSQL program: nothing of ours but the search path; messages in English. */
export function serverEnvironment(libraries: string): NodeJS.ProcessEnv {
  return {
    PATH: variables["PATH"],
    LC_ALL: "C",
    TZ: "UTC",
    LD_LIBRARY_PATH: libraries,
    DYLD_LIBRARY_PATH: libraries,
  };
}

/** Our own environment without `PG*` and Node's options, and with what is given on top. */
export function childEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(variables).filter(
    ([name]) => !name.startsWith("PG") && name !== "NODE_OPTIONS",
  );
  return { ...Object.fromEntries(kept), ...extra };
}
