const faults = process.env["CODEX_FAULTS"];

/** Whether faults are tried at every point (CODEX_FAULTS=full) or at a sample. */
export const isFull: boolean = faults === "full" || faults === "every";
/** Also where a run takes a quarter of an hour: every statement of the real files. */
export const isEvery: boolean = faults === "every";

/** Where Node keeps what it has compiled, for programs that get none of our environment; see `vitest.config.ts`. */
export const compileCache: Readonly<Record<string, string>> = {
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? "",
};
