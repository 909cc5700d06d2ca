/** `CODEX_FAULTS=full`: every case there is, as `pnpm test:faults` asks for; a sample otherwise. */
export const isFull: boolean = process.env["CODEX_FAULTS"] === "full";
