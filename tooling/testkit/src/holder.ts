import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

/** What `postmaster.pid` says of the server that uses a cluster. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** Reads the cluster's `postmaster.pid`; undefined when there is none. It may be a dead server's. */
export async function readPostmaster(folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(folder), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number.parseInt(lines[0] ?? "", 10);
  if (Number.isNaN(pid)) return undefined;
  return { pid, port: Number.parseInt(lines[3] ?? "0", 10) };
}

/** Whether a process of that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Notes in the cluster which process of ours opened it. */
export async function writeHolder(folder: string): Promise<void> {
  const command = process.argv.slice(1).join(" ");
  await writeFile(join(folder, "holder"), `${process.pid}\n${command}\n`, { mode: 0o600 });
}

/** The process that opened the cluster, in words, and whether it is known to live. */
export async function readHolder(folder: string): Promise<{ words: string; alive: boolean }> {
  const text = await readFile(join(folder, "holder"), "utf8").catch(() => "");
  const [id = "", command = ""] = text.split("\n");
  const pid = Number.parseInt(id, 10);
  if (Number.isNaN(pid)) return { words: "an unknown process", alive: false };
  return { words: `process ${pid} (${command})`, alive: isAlive(pid) };
}

/**
 * Removes a `postmaster.pid` whose number now belongs to a process that is no PostgreSQL. PostgreSQL
 * itself drops the file of a dead process, but refuses to start while any process has the number.
 */
export async function dropStalePid(folder: string): Promise<void> {
  const postmaster = await readPostmaster(folder);
  if (postmaster === undefined || !isAlive(postmaster.pid)) return;
  const command = await commandOf(postmaster.pid);
  if (command !== undefined && !command.includes("postgres"))
    await rm(pidFile(folder), { force: true });
}

function pidFile(folder: string): string {
  return join(folder, "data", "postmaster.pid");
}

async function commandOf(pid: number): Promise<string | undefined> {
  const listed = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  if (listed !== "") return listed;
  const asked = await run("ps", ["-o", "command=", "-p", String(pid)]);
  return asked.code === 0 ? asked.output : undefined;
}
