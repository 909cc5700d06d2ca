import type { Context } from "./context.ts";

/** A command as the command line knows it. */
export interface CommandSpec {
  /** Gives the command. Loaded when it is called: a run with nothing to do must start quickly. */
  readonly load: () => Promise<(context: Context) => Promise<number>>;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Its own flags, by their names. */
  readonly flags: readonly string[];
  /** The word that it needs behind it, such as NAME. */
  readonly word?: string;
  readonly examples: readonly string[];
  /** Whether it needs a database. */
  readonly database: boolean;
}

/** The command of that name; undefined when there is none. */
export function commandNamed(name: string): CommandSpec | undefined {
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

/** Every command, in the order of the help. */
export const commands: Readonly<Record<string, CommandSpec>> = {
  bootstrap: {
    load: async () => (await import("./bootstrap.ts")).bootstrap,
    summary: "makes the cluster's roles, once, by an administrator",
    flags: [],
    examples: ["bootstrap --database-url postgres://admin:…@host/app"],
    database: true,
  },
  plan: {
    load: async () => (await import("./plan.ts")).plan,
    summary: "what is pending, with hashes, locks and work expected; needs only to read",
    flags: ["to", "out"],
    examples: ["plan", "plan --out plan.json"],
    database: true,
  },
  lint: {
    load: async () => (await import("./lint.ts")).lint,
    summary: "dangerous statements, by parsing; of what is pending, or of files from a version on",
    flags: ["from"],
    examples: ["lint", "lint --from 20 --report sarif=lint.sarif"],
    database: false,
  },
  rehearse: {
    load: async () => (await import("./rehearse.ts")).rehearse,
    summary: "tries what is pending on a clone and measures what each statement does",
    flags: ["to", "scratch-url", "template", "restore"],
    examples: [
      "rehearse --scratch-url postgres://admin:…@host/postgres",
      "rehearse --template --report html=rehearsal.html",
      "rehearse --restore app.dump",
    ],
    database: true,
  },
  up: {
    load: async () => (await import("./up.ts")).up,
    summary: "applies what is pending, file by file",
    flags: ["to", "plan", "live-version"],
    examples: ["up", "up --to 17", "up --plan plan.json --report html=release.html"],
    database: true,
  },
  down: {
    load: async () => (await import("./down.ts")).down,
    summary: "rolls back, newest first; refuses to destroy rows unless told to",
    flags: ["to", "allow-data-loss", "scratch-url"],
    examples: [
      "down --to 12 --scratch-url postgres://admin:…@host/postgres",
      "down --to 0 --allow-data-loss",
    ],
    database: true,
  },
  status: {
    load: async () => (await import("./status.ts")).status,
    summary: "what is applied, pending, interrupted and in disagreement",
    flags: ["exit-code"],
    examples: ["status", "status --exit-code --json"],
    database: true,
  },
  verify: {
    load: async () => (await import("./verify.ts")).verify,
    summary: "the sixteen checks, the audit and the expected counts",
    flags: [],
    examples: ["verify", "verify --report junit=verify.xml"],
    database: true,
  },
  release: {
    load: async () => (await import("./release.ts")).release,
    summary: "the production day: preflight, proven backup, up, verify, watch, one report",
    flags: ["to", "plan", "live-version", "backup", "skip-backup", "for", "scratch-url"],
    examples: [
      "release --plan plan.json --for 2h --backup app.dump --report html=release.html",
      'release --skip-backup "snapshot of the provider, 2 minutes old"',
    ],
    database: true,
  },
  watch: {
    load: async () => (await import("./watch.ts")).watch,
    summary:
      "looks at the server for a time after a release, and stops early when a limit is passed",
    flags: ["for"],
    examples: ["watch --for 2h", "watch --for 30m --every 10 --lag-max 1000000"],
    database: true,
  },
  audit: {
    load: async () => (await import("./audit.ts")).audit,
    summary:
      "the whole catalog against a replay of the files, the ledger's chain, the audit's rules",
    flags: ["out", "scratch-url"],
    examples: ["audit", "audit --out repair.sql --scratch-url postgres://admin:…@host/postgres"],
    database: true,
  },
  baseline: {
    load: async () => (await import("./baseline.ts")).baseline,
    summary: "adopts a database that was made without the ledger",
    flags: ["to", "reason", "author"],
    examples: ['baseline --to 17 --reason "restored from the old system"'],
    database: true,
  },
  repair: {
    load: async () => (await import("./repair.ts")).repair,
    summary: "mends what the ledger says of one file, with a reason and an author",
    flags: ["to", "as", "reason", "author"],
    examples: [
      'repair --to 12 --as current --reason "a comment was corrected"',
      'repair --to 20 --as pending --reason "taken back by hand"',
    ],
    database: true,
  },
  docs: {
    load: async () => (await import("./docs.ts")).docs,
    summary: "data dictionary and Mermaid diagrams from the live catalog",
    flags: ["out"],
    examples: ["docs --out docs/database"],
    database: true,
  },
  new: {
    load: async () => (await import("./new.ts")).newMigration,
    summary: "the next numbered migration with its rollback",
    flags: [],
    word: "NAME",
    examples: ["new create_points_ledger"],
    database: false,
  },
};
