import { readFile, writeFile } from "node:fs/promises";
import { exitCode, Failure } from "../failure.ts";
import { planSchema, withId } from "./plan.ts";
import type { Plan, PlannedFile, PlannedStatement } from "./plan.ts";

/** Writes the file of a plan. */
export async function writePlan(path: string, plan: Plan): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(plan, null, 2)}\n`);
  } catch (cause) {
    throw new Failure(`The plan ${path} cannot be written: check the folder.`, { cause });
  }
}

/** Reads the file of a plan. Fails (2) on one that is missing, no plan, or changed since it was made. */
export async function readPlan(path: string): Promise<Plan> {
  let read: unknown;
  try {
    read = JSON.parse(await readFile(path, "utf8"));
  } catch {
    throw refused(path, "can be read");
  }
  if (!isRecord(read)) throw refused(path, "holds a plan");
  if (read["schema"] !== planSchema) throw refused(path, "was made by this version of the tool");
  const body = parsePlan(read);
  if (body === undefined) throw refused(path, "is whole");
  const plan = withId(body);
  if (plan.id !== read["id"]) throw refused(path, "is as it was made");
  return plan;
}

function refused(path: string, what: string): Failure {
  return new Failure(
    `${path} is no plan that ${what}: make it with "codex-migrate plan --out ${path}".`,
    { code: exitCode.usage },
  );
}

function parsePlan(read: Fields): Omit<Plan, "id"> | undefined {
  const { to, version, ledgerHead, fingerprint } = read;
  const files = parseList(read["files"], parseFile);
  if (to !== null && !isVersion(to)) return undefined;
  if (!isVersion(version) || !isHash(fingerprint) || files === undefined) return undefined;
  if (ledgerHead !== "" && !isHash(ledgerHead)) return undefined;
  return { schema: planSchema, to, version, ledgerHead, fingerprint, files };
}

function parseFile(read: Fields): PlannedFile | undefined {
  const { name, sha256 } = read;
  const statements = parseList(read["statements"], parseStatement);
  if (typeof name !== "string" || !isHash(sha256) || statements === undefined) return undefined;
  return { name, sha256, statements };
}

function parseStatement({ line, text, lock, work }: Fields): PlannedStatement | undefined {
  if (!isVersion(line) || typeof text !== "string") return undefined;
  if (typeof lock !== "string" || typeof work !== "string") return undefined;
  return { line, text, lock, work };
}

type Fields = Readonly<Record<string, unknown>>;

function parseList<T>(read: unknown, parse: (one: Fields) => T | undefined): T[] | undefined {
  if (!Array.isArray(read)) return undefined;
  const parsed = read.flatMap((one: unknown) => {
    const value = isRecord(one) ? parse(one) : undefined;
    return value === undefined ? [] : [value];
  });
  return parsed.length === read.length ? parsed : undefined;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// A version and a line are both whole numbers that a file can have.
function isVersion(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
