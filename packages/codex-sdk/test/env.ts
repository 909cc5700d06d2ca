/** Hundreds of faults instead of a few: `pnpm test:faults`. */
export const isFull = process.env["CODEX_FAULTS"] === "full";

/** What the client that triggers in a loop is started with. */
export const worker = {
  url: process.env["WORKER_URL"] ?? "",
  workspaceId: process.env["WORKER_WORKSPACE"] ?? "",
  userId: process.env["WORKER_USER"] ?? "",
  from: Number(process.env["WORKER_FROM"] ?? 0),
};

/** The environment of this process with more in it, for a process that it starts. */
export function envWith(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...more };
}
