import { statfsSync } from "node:fs";
import { dirname } from "node:path";

interface Cause {
  readonly pattern: RegExp;
  readonly sentence: (folder: string) => string;
}

// What the operating system says, in its own words (errno texts and Node's codes).
const causes: readonly Cause[] = [
  {
    pattern: /no space left on device|disk quota exceeded|ENOSPC|EDQUOT/i,
    sentence: (folder) =>
      `The disk that holds ${folder} is full; make room there, or set CODEX_DATA_FOLDER to a folder with 1 GB free.`,
  },
  {
    pattern: /read-only file system|EROFS/i,
    sentence: (folder) =>
      `${folder} is on a read-only file system; set CODEX_DATA_FOLDER to a folder that can be written.`,
  },
  {
    pattern: /permission denied|operation not permitted|EACCES|EPERM/i,
    sentence: (folder) =>
      `PostgreSQL may not write to or run from ${folder}; give its user access to ${dirname(folder)}, or set CODEX_DATA_FOLDER to a folder that every user can enter.`,
  },
  {
    pattern: /error while loading shared libraries|library not loaded/i,
    sentence: () =>
      'The PostgreSQL of npm is incomplete: its install step was not run; run "npx -y pnpm@12 rebuild".',
  },
];

function explain(output: string, folder: string): string | undefined {
  return causes.find((cause) => cause.pattern.test(output))?.sentence(folder);
}

/**
 * Error of a failed step: one sentence with cause and remedy when its output or the disk tells them,
 * else what failed and the end of its output. `folder` is where the data lies.
 */
export function failure(what: string, output: string, folder: string): Error {
  const tail = output.trim().split("\n").slice(-8).join("\n");
  return new Error(explain(output, folder) ?? whenFull(folder) ?? `${what}:\n${tail}`);
}

// On a full disk the server's log, which would say so, is empty.
function whenFull(folder: string): string | undefined {
  try {
    const disk = statfsSync(folder);
    return disk.bavail * disk.bsize < 1024 * 1024 ? explain("ENOSPC", folder) : undefined;
  } catch {
    return undefined;
  }
}
