/** `CODEX_FAULTS=full`: as many kills as `pnpm test:faults` asks for; a few otherwise. */
export const isFull: boolean = process.env["CODEX_FAULTS"] === "full";
