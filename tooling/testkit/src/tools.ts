import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { commandFolders } from "./env.ts";

// npm's PostgreSQL ships the server only, and not the newest minor release; playwright-core ships no
// browser. Debian packages.
const packages = {
  psql: "postgresql-client",
  pg_dump: "postgresql-client",
  pg_basebackup: "postgresql-client",
  postgres: "postgresql-15",
  pgbouncer: "pgbouncer",
  chromium: "chromium",
  openssl: "openssl",
  script: "bsdutils",
  podman: "podman",
  runc: "runc",
  mmdebstrap: "mmdebstrap",
} as const;

/**
 * Path of a program that some tests need. Throws the sentence that says how to install it, so that a
 * test fails for want of a tool and is never skipped.
 */
export function requireTool(name: keyof typeof packages): string {
  const path = [...commandFolders(), "/usr/sbin", "/usr/lib/postgresql/15/bin"]
    .map((folder) => join(folder, name))
    .find((candidate) => isExecutable(candidate));
  if (path !== undefined) return path;
  throw new Error(`${name} is not installed; run "apt-get install ${packages[name]}".`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
