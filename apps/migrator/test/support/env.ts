const faults = process.env["CODEX_FAULTS"];

/** Whether faults are tried at every point (CODEX_FAULTS=full) or at a sample. */
export const isFull: boolean = faults === "full" || faults === "every";
/** Also where a run takes a quarter of an hour: every statement of the real files. */
export const isEvery: boolean = faults === "every";
