import { access, constants, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { exitCode, Failure, fieldOf } from "../failure.ts";

/**
 * Makes the folder of a file that is to be written at the end. Fails (2) with a sentence when that cannot
 * be done or the file cannot be written. Nothing is written yet, so that an early end leaves no empty file.
 */
export async function requireWritable(what: string, path: string): Promise<void> {
  const problem = await problemOf(path);
  if (problem === undefined) return;
  throw new Failure(`The ${what} ${path} cannot be written: ${problem}.`, {
    code: exitCode.usage,
  });
}

async function problemOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return "that is a folder";
  try {
    if (found === undefined) await makeFolder(dirname(path));
    await access(found === undefined ? `${dirname(path)}/.` : path, constants.W_OK);
    return undefined;
  } catch (error) {
    return `check the folder and its rights (${fieldOf(error, "code") ?? String(error)})`;
  }
}

/** Makes a folder level by level: Node's own way does not come back from a file system that makes none, as /proc. */
export async function makeFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined)) !== undefined) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch((error: unknown) => {
    // Another one may just have made it.
    if (fieldOf(error, "code") !== "EEXIST") throw error;
  });
}
