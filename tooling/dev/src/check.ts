import { glob } from "node:fs/promises";
import { checkout } from "./checkout.ts";
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
  {
    name: "types of what others import",
    command: ["turbo", "run", "build", "--output-logs=errors-only"],
  },
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
  const expanded: string[] = [];
  for (const arg of args) {
    if (arg.includes("*"))
      expanded.push(...(await Array.fromAsync(glob(arg, { cwd: checkout }))).toSorted());
    else expanded.push(arg);
  }
  return expanded;
}
