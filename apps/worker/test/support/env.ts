const variables = process.env;

/** `CODEX_FAULTS=full`: as many kills as `pnpm test:faults` asks for; a few otherwise. */
export const isFull: boolean = variables["CODEX_FAULTS"] === "full";

/** Our environment with some variables set, for a worker of its own. */
export function environmentWith(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...variables, ...extra };
}
