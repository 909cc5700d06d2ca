/** Oldest and newest major version of PostgreSQL that the schema is tried on. */
export const serverMajors: { readonly oldest: number; readonly newest: number } = {
  oldest: 15,
  newest: 18,
};

/** A hole in row security of PostgreSQL itself. */
export interface KnownHole {
  readonly id: string;
  /** What it lets through. */
  readonly what: string;
  /** The minor release of each major version that closed it; a version that is not named never had it. */
  readonly closedIn: Readonly<Record<number, number>>;
}

/** The holes that decide which minor releases Codex accepts without a warning; the newest first. */
export const knownHoles: readonly KnownHole[] = [
  {
    id: "CVE-2026-120154",
    what: "the condition of an upsert is evaluated on rows that a policy hides",
    closedIn: { 15: 20, 16: 16, 17: 12, 18: 6 },
  },
  {
    id: "CVE-2026-14666",
    what: "a cached plan shows what a role saw that has been revoked",
    closedIn: { 15: 19, 16: 15, 17: 11, 18: 5 },
  },
  {
    id: "CVE-2025-8713",
    what: "values of hidden rows are shown to an operator by the planner's statistics",
    closedIn: { 15: 14, 16: 10, 17: 6 },
  },
  {
    id: "CVE-2024-10976",
    what: "a plan below a sub-query is reused under another role",
    closedIn: { 15: 9, 16: 5, 17: 1 },
  },
  {
    id: "CVE-2023-39418",
    what: "MERGE writes rows that the policies for UPDATE and SELECT forbid",
    closedIn: { 15: 4 },
  },
];

/** Whether a server, by its `server_version_num`, has the hole. */
export function hasHole(hole: KnownHole, versionNumber: number): boolean {
  const closed = hole.closedIn[Math.floor(versionNumber / 10_000)];
  return closed !== undefined && versionNumber % 10_000 < closed;
}

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
  const open = knownHoles.filter((hole) => hasHole(hole, versionNumber));
  if (open.length === 0) return { refusal: undefined, warnings: [] };
  const floor = Math.max(...open.map((hole) => hole.closedIn[major] ?? 0));
  const reasons = open.map(({ id, what }) => `${what} (${id})`).join("; ");
  return {
    refusal: undefined,
    warnings: [
      `PostgreSQL ${major}.${minor} has known holes in row security: upgrade to ${major}.${floor}. Open are: ${reasons}.`,
    ],
  };
}
