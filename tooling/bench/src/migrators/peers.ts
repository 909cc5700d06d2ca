import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { splitStatements } from "./split.ts";

/** A migration, by the words of its name. */
export interface File {
  readonly name: string;
  readonly text: string;
  /** It cannot run inside a transaction; each peer has its own word for that, drizzle-kit none. */
  readonly noTransaction?: true;
}

/** What a peer has to bring to which database. */
export interface Work {
  readonly folder: string;
  readonly files: readonly File[];
  readonly url: string;
}

/** A program to run in the work's folder. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A runner of migrations: writes the files in its own form and says how it is called. */
export interface Peer {
  readonly name: string;
  prepare(work: Work): Promise<Command>;
}

const bin = join(import.meta.dirname, "../../node_modules/.bin");

/** Where the bundle lies that is measured, as the container holds it. */
export const bundle: string = join(import.meta.dirname, "../../.generated/codex-migrate");

async function put(work: Work, path: string, text: string): Promise<void> {
  await mkdir(join(work.folder, path, ".."), { recursive: true });
  await writeFile(join(work.folder, path), text);
}

async function putAll(
  work: Work,
  nameOf: (at: number, file: File) => string,
  textOf: (file: File) => string,
): Promise<void> {
  for (const [at, file] of work.files.entries())
    await put(work, nameOf(at + 1, file), textOf(file));
}

const headed =
  (word: string) =>
  ({ noTransaction, text }: File): string =>
    noTransaction === true ? `${word}\n${text}` : text;

const padded = (at: number, length: number): string => String(at).padStart(length, "0");

const codex: Peer = {
  name: "codex-migrate",
  async prepare(work) {
    await putAll(
      work,
      (at, file) => `migrations/${padded(at, 3)}_${file.name}.sql`,
      headed("-- codex: no-transaction"),
    );
    await putAll(
      work,
      (at, file) => `rollbacks/${padded(at, 3)}_${file.name}.sql`,
      () => "select 1;",
    );
    const script = join(bundle, "codex-migrate.mjs");
    return {
      program: process.execPath,
      args: [script, "up", "--dir", work.folder, "--lock-wait", "30"],
      environment: { DATABASE_URL: work.url },
    };
  },
};

const psql: Peer = {
  name: "psql (floor)",
  async prepare(work) {
    await putAll(
      work,
      (at) => `${padded(at, 3)}.sql`,
      ({ text }) => text,
    );
    const files = work.files.flatMap((_, at) => ["-f", `${padded(at + 1, 3)}.sql`]);
    return { program: "psql", args: ["-X", "-q", "-v", "ON_ERROR_STOP=1", ...files, work.url] };
  },
};

const dbmate: Peer = {
  name: "dbmate",
  async prepare(work) {
    await putAll(
      work,
      (at, file) => `migrations/20260101${padded(at, 6)}_${file.name}.sql`,
      ({ noTransaction, text }) =>
        `-- migrate:up${noTransaction === true ? " transaction:false" : ""}\n${text}\n-- migrate:down\n`,
    );
    return {
      program: join(bin, "dbmate"),
      args: [
        "-u",
        `${work.url}?sslmode=disable`,
        "-d",
        "./migrations",
        "--no-dump-schema",
        "migrate",
      ],
    };
  },
};

const nodePgMigrate: Peer = {
  name: "node-pg-migrate",
  async prepare(work) {
    await putAll(
      work,
      (at, { name, noTransaction }) =>
        `migrations/17000000${padded(at, 5)}_${name.replaceAll("_", "-")}.${noTransaction === true ? "cjs" : "sql"}`,
      ({ noTransaction, text }) =>
        noTransaction === true
          ? `exports.up = (pgm) => { pgm.noTransaction(); pgm.sql(${JSON.stringify(text)}); };\n`
          : `-- Up Migration\n${text}\n-- Down Migration\n`,
    );
    return {
      program: join(bin, "node-pg-migrate"),
      args: ["up", "-m", "./migrations"],
      environment: { DATABASE_URL: work.url },
    };
  },
};

const graphile: Peer = {
  name: "graphile-migrate",
  async prepare(work) {
    const root = new URL(work.url);
    root.pathname = "/postgres";
    let previous = "";
    for (const [at, file] of work.files.entries()) {
      const body = headed("--! no-transaction")(file).trim();
      const hash = `sha1:${createHash("sha1")
        .update(`${`${previous}\n${body}`.trim()}\n`)
        .digest("hex")}`;
      await put(
        work,
        `migrations/committed/${padded(at + 1, 6)}.sql`,
        `--! Previous: ${previous || "-"}\n--! Hash: ${hash}\n\n${body}\n`,
      );
      previous = hash;
    }
    await put(
      work,
      ".gmrc",
      JSON.stringify({ connectionString: work.url, rootConnectionString: root.href }),
    );
    const environment = { DATABASE_URL: work.url, ROOT_DATABASE_URL: root.href };
    return { program: join(bin, "graphile-migrate"), args: ["migrate"], environment };
  },
};

const knex: Peer = {
  name: "knex",
  async prepare(work) {
    await putAll(
      work,
      (at, file) => `migrations/${padded(at, 3)}_${file.name}.cjs`,
      ({ noTransaction, text }) =>
        `${noTransaction === true ? "exports.config = { transaction: false };\n" : ""}exports.up = (k) => k.raw(${JSON.stringify(text.replaceAll("?", "\\?"))});\nexports.down = () => {};\n`,
    );
    const config = {
      client: "pg",
      connection: work.url,
      migrations: { directory: "./migrations", loadExtensions: [".cjs"] },
    };
    await put(work, "knexfile.cjs", `module.exports = ${JSON.stringify(config)};\n`);
    return { program: join(bin, "knex"), args: ["--knexfile", "knexfile.cjs", "migrate:latest"] };
  },
};

function kyselyText({ text }: File): string {
  return `import { sql } from "kysely";\nexport async function up(db) { for (const text of ${JSON.stringify(splitStatements(text))}) await sql.raw(text).execute(db); }\nexport async function down() {}\n`;
}

const kysely: Peer = {
  name: "kysely-ctl",
  async prepare(work) {
    await putAll(work, (at, file) => `migrations/${padded(at, 3)}_${file.name}.mjs`, kyselyText);
    await put(
      work,
      "kysely.config.mjs",
      `import pg from "pg";\nexport default { dialect: "pg", dialectConfig: { pool: new pg.Pool({ connectionString: ${JSON.stringify(work.url)} }) }, migrations: { migrationFolder: "migrations", allowJS: true } };\n`,
    );
    const isPlain = work.files.every(({ noTransaction }) => noTransaction !== true);
    const args = ["migrate", "latest", ...(isPlain ? [] : ["--no-transaction"])];
    return { program: join(bin, "kysely"), args };
  },
};

const drizzle: Peer = {
  name: "drizzle-kit",
  async prepare(work) {
    await putAll(
      work,
      (at) => `drizzle/${padded(at, 4)}_file.sql`,
      ({ text }) => splitStatements(text).join("\n--> statement-breakpoint\n"),
    );
    const entries = work.files.map((_, at) => ({
      idx: at,
      version: "7",
      when: 1_700_000_000_000 + at,
      tag: `${padded(at + 1, 4)}_file`,
      breakpoints: true,
    }));
    await put(
      work,
      "drizzle/meta/_journal.json",
      JSON.stringify({ version: "7", dialect: "postgresql", entries }),
    );
    await put(
      work,
      "drizzle.config.cjs",
      `module.exports = ${JSON.stringify({ dialect: "postgresql", out: "./drizzle", dbCredentials: { url: work.url } })};\n`,
    );
    return {
      program: join(bin, "drizzle-kit"),
      args: ["migrate", "--config", "drizzle.config.cjs"],
    };
  },
};

const postgresMigrations: Peer = {
  name: "postgres-migrations",
  async prepare(work) {
    await putAll(
      work,
      (at, file) => `migrations/${at}_${file.name}.sql`,
      headed("-- postgres-migrations disable-transaction"),
    );
    await put(
      work,
      "run.mjs",
      `import pg from "pg";\nimport { migrate } from "postgres-migrations";\nconst client = new pg.Client(${JSON.stringify(work.url)});\nawait client.connect();\nawait migrate({ client }, "./migrations");\nawait client.end();\n`,
    );
    return { program: process.execPath, args: ["run.mjs"] };
  },
};

/** Every runner, ours first. */
export const peers: readonly Peer[] = [
  codex,
  psql,
  dbmate,
  postgresMigrations,
  knex,
  graphile,
  nodePgMigrate,
  kysely,
  drizzle,
];
