const variables = process.env;

/** `CODEX_FAULTS=full`: as many kills as `pnpm test:faults` asks for; a few otherwise. */
export const isFull: boolean = variables["CODEX_FAULTS"] === "full";

/** Whether this is root, who alone may make images here. */
export const isRoot: boolean = process.getuid?.() === 0;

/** File of the certificates that Node.js trusts besides its own, where the network asks for some. */
export const certificates: string | undefined = variables["NODE_EXTRA_CA_CERTS"] || undefined;

/** Our environment with some variables set, for a server of its own. */
export function environmentWith(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...variables, ...extra };
}
