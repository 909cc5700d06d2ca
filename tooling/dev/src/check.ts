import { command } from "./failure.ts";
import { run } from "./run.ts";

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

// The fast ones first. Each is a program of its own, so that its message is the one its page explains.
const checks: readonly Check[] = [
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "versions", command: ["sherif", "--fail-on-warnings"] },
  { name: "boundaries", command: ["turbo", "boundaries"] },
  { name: "types of what others import", command: ["turbo", "run", "build", "--output-logs=errors-only"] },
  { name: "types with the tests", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "unused code", command: ["knip"] },
  { name: "migrations", command: ["squawk", "db/migrations/*.sql"] },
];

await command("check", async () => {
  let failed = 0;
  for (const check of checks) {
    const start = performance.now();
    const [program, ...args] = check.command;
    const { code, stdout, stderr } = await run(program, await expand(args));
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? "✓" : "✗"} ${check.name}  ${seconds} s\n`);
    if (code !== 0) {
      failed += 1;
      process.stdout.write(`${stdout}${stderr}\n`);
    }
  }
  return failed === 0 ? 0 : 1;
});

// Without a shell nobody expands the star.
async function expand(args: readonly string[]): Promise<string[]> {
  const { glob } = await import("node:fs/promises");
  const expanded = await Promise.all(
    args.map((arg) => (arg.includes("*") ? Array.fromAsync(glob(arg)) : [arg])),
  );
  return expanded.flat().toSorted((a, b) => (a.endsWith(".sql") && b.endsWith(".sql") ? a.localeCompare(b) : 0));
}
