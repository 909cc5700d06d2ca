/** `CODEX_FAULTS=full`: every fault at every point; otherwise a sample that takes seconds. */
export const isFull: boolean = process.env["CODEX_FAULTS"] === "full";
