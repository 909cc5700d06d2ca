import { execFile } from "node:child_process";
import { mkdtemp, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A file system of its own; removed with what is in it. */
export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
}

/** Mounting is for root alone. */
export const canMount: boolean = process.getuid?.() === 0;

/** Mounts a file system of so many kilobytes, in memory, that everybody may write to. */
export async function mountSmallDisk(kilobytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), "codex-small-disk-"));
  await run("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k,mode=777`, "tmpfs", folder]);
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      await run("umount", [folder]);
      await rmdir(folder);
    },
  };
}
