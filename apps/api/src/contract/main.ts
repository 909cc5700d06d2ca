import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { appRouter } from "../root.ts";
import { clientTypes } from "./client-types.ts";
import { breakingChanges } from "./compare.ts";
import { contractOf } from "./contract.ts";
import type { Contract } from "./contract.ts";
import { mayOmitInput } from "../procedures.ts";
import { rolesPage } from "./roles.ts";

const snapshot = "apps/api/contract.json";

/**
 * Writes the files that are generated from the router to standard output, as JSON from path to text. Fails
 * when apps that rely on the contract in git would break and its version has not moved.
 */
const root = join(import.meta.dirname, "../../../..");
const contract = contractOf(appRouter);
const before = await readFile(join(root, snapshot), "utf8").catch(() => undefined);
const breaking =
  before === undefined ? [] : breakingChanges(JSON.parse(before) as Contract, contract);
const released = before === undefined ? 0 : (JSON.parse(before) as Contract).version;
if (breaking.length > 0 && contract.version <= released) {
  process.stderr.write(
    `The contract of the API breaks:\n${breaking.map((what) => `  ${what}\n`).join("")}Take it back, or raise contractVersion in apps/api/src/contract/contract.ts.\n`,
  );
  process.exitCode = 1;
} else {
  const files = {
    [snapshot]: `${JSON.stringify(contract, undefined, 2)}\n`,
    "docs/roles.md": rolesPage(contract),
    "packages/codex-client/src/generated/router.ts": clientTypes(contract, mayOmitInput()),
  };
  process.stdout.write(JSON.stringify(files));
}
