/** Oldest and newest major version of PostgreSQL that the schema is tried on. */
export const serverMajors: { readonly oldest: number; readonly newest: number } = {
  oldest: 15,
  newest: 18,
};

// Releases that closed holes in row security (CVE-2024-10976 and its successors); below them the
// isolation of workspaces is weaker than the schema says.
const safeMinors: Readonly<Record<number, number>> = { 15: 20, 16: 16, 17: 12, 18: 6 };

/** What to say about a server before it is used. */
export interface ServerNotes {
  /** Why it cannot be used. */
  readonly refusal: string | undefined;
  readonly warnings: readonly string[];
}

/** Looks at `server_version_num`, such as 180004. */
export function serverNotes(versionNumber: number): ServerNotes {
  const major = Math.floor(versionNumber / 10_000);
  const minor = versionNumber % 10_000;
  const { oldest, newest } = serverMajors;
  if (major < oldest)
    return {
      refusal: `The server is PostgreSQL ${major}: Codex needs ${oldest} to ${newest}. Upgrade it.`,
      warnings: [],
    };
  if (major > newest)
    return {
      refusal: undefined,
      warnings: [
        `PostgreSQL ${major} is newer than ${newest}, the newest that Codex was tried on.`,
      ],
    };
  const floor = safeMinors[major] ?? 0;
  if (minor >= floor) return { refusal: undefined, warnings: [] };
  return {
    refusal: undefined,
    warnings: [
      `PostgreSQL ${major}.${minor} has known holes in row security: upgrade to ${major}.${floor}.`,
    ],
  };
}
