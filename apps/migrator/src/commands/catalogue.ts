import { audit } from "./audit.ts";
import { baseline } from "./baseline.ts";
import { bootstrap } from "./bootstrap.ts";
import type { Context } from "./context.ts";
import { docs } from "./docs.ts";
import { down } from "./down.ts";
import { lint } from "./lint.ts";
import { newMigration } from "./new.ts";
import { plan } from "./plan.ts";
import { rehearse } from "./rehearse.ts";
import { release } from "./release.ts";
import { repair } from "./repair.ts";
import { status } from "./status.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";
import { watch } from "./watch.ts";

/** A command as the command line knows it. */
export interface CommandSpec {
  readonly run: (context: Context) => Promise<number>;
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

/** Every command, in the order of the help. */
export const commands: Readonly<Record<string, CommandSpec>> = {
  bootstrap: {
    run: bootstrap,
    summary: "makes the cluster's roles, once, by an administrator",
    flags: [],
    examples: ["bootstrap --database-url postgres://admin:…@host/app"],
    database: true,
  },
  plan: {
    run: plan,
    summary: "what is pending, with hashes, locks and work expected; needs only to read",
    flags: ["to", "out"],
    examples: ["plan", "plan --out plan.json"],
    database: true,
  },
  lint: {
    run: lint,
    summary: "dangerous statements, by parsing; of what is pending, or of files from a version on",
    flags: ["from"],
    examples: ["lint", "lint --from 20 --report sarif=lint.sarif"],
    database: false,
  },
  rehearse: {
    run: rehearse,
    summary: "tries what is pending on a clone and measures what each statement does",
    flags: ["to", "scratch-url", "template"],
    examples: [
      "rehearse --scratch-url postgres://admin:…@host/postgres",
      "rehearse --template --report html=rehearsal.html",
    ],
    database: true,
  },
  up: {
    run: up,
    summary: "applies what is pending, file by file",
    flags: ["to", "plan", "live-version"],
    examples: ["up", "up --to 17", "up --plan plan.json --report html=release.html"],
    database: true,
  },
  down: {
    run: down,
    summary: "rolls back, newest first; refuses to destroy rows unless told to",
    flags: ["to", "allow-data-loss"],
    examples: ["down --to 12", "down --to 0 --allow-data-loss"],
    database: true,
  },
  status: {
    run: status,
    summary: "what is applied, pending, interrupted and in disagreement",
    flags: ["exit-code"],
    examples: ["status", "status --exit-code --json"],
    database: true,
  },
  verify: {
    run: verify,
    summary: "the sixteen checks, the audit and the expected counts",
    flags: [],
    examples: ["verify", "verify --report junit=verify.xml"],
    database: true,
  },
  release: {
    run: release,
    summary: "the production day: preflight, proven backup, up, verify, watch, one report",
    flags: ["to", "plan", "live-version", "backup", "skip-backup", "for", "scratch-url"],
    examples: [
      "release --plan plan.json --for 2h --backup app.dump --report html=release.html",
      'release --skip-backup "snapshot of the provider, 2 minutes old"',
    ],
    database: true,
  },
  watch: {
    run: watch,
    summary:
      "looks at the server for a time after a release, and stops early when a limit is passed",
    flags: ["for"],
    examples: ["watch --for 2h", "watch --for 30m --every 10 --lag-max 1000000"],
    database: true,
  },
  audit: {
    run: audit,
    summary:
      "the whole catalog against a replay of the files, the ledger's chain, the audit's rules",
    flags: ["out", "scratch-url"],
    examples: ["audit", "audit --out repair.sql --scratch-url postgres://admin:…@host/postgres"],
    database: true,
  },
  baseline: {
    run: baseline,
    summary: "adopts a database that was made without the ledger",
    flags: ["to", "reason", "author"],
    examples: ['baseline --to 17 --reason "restored from the old system"'],
    database: true,
  },
  repair: {
    run: repair,
    summary: "mends what the ledger says of one file, with a reason and an author",
    flags: ["to", "as", "reason", "author"],
    examples: [
      'repair --to 12 --as current --reason "a comment was corrected"',
      'repair --to 20 --as pending --reason "taken back by hand"',
    ],
    database: true,
  },
  docs: {
    run: docs,
    summary: "data dictionary and Mermaid diagrams from the live catalog",
    flags: ["out"],
    examples: ["docs --out docs/database"],
    database: true,
  },
  new: {
    run: newMigration,
    summary: "the next numbered migration with its rollback",
    flags: [],
    word: "NAME",
    examples: ["new create_points_ledger"],
    database: false,
  },
};
