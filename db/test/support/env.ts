const variables = process.env;

/** `CODEX_FAULTS=full`: every mutant, as `pnpm test:faults` asks for; a sample otherwise. */
export const isFull: boolean = variables["CODEX_FAULTS"] === "full";
