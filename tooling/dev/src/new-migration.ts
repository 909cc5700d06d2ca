import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkout } from "./checkout.ts";
import { command, Failure } from "./failure.ts";

// pnpm db:new <what>: the next numbered migration and its rollback.
await command("db:new", async () => {
  const what = process.argv.slice(2).join("_").toLowerCase();
  if (!/^[a-z][a-z0-9_]*$/.test(what)) {
    throw new Failure("Name the migration in words: pnpm db:new create_points_ledger.", 2);
  }
  const name = `${await nextNumber()}_${what}.sql`;
  const migration = join(checkout, "db/migrations", name);
  const rollback = join(checkout, "db/rollbacks", name);
  await writeFile(migration, "-- What this adds, and why.\n", { flag: "wx" });
  await writeFile(rollback, "-- Undoes it; refuses (KX009) while rows would be destroyed.\n", {
    flag: "wx",
  });
  process.stdout.write(
    `Made ${migration}\n     ${rollback}\nCONTRIBUTING.md tells what goes into them.\n`,
  );
  return 0;
});

async function nextNumber(): Promise<string> {
  const names = await readdir(join(checkout, "db/migrations"));
  const last = Math.max(0, ...names.map((name) => Number.parseInt(name, 10)));
  return String(last + 1).padStart(3, "0");
}
