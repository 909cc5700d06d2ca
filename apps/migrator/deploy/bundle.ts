import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";

// node deploy/bundle.ts FOLDER: codex-migrate as a few JavaScript files that need Node and nothing else.
const folder = resolve(process.argv[2] ?? join(import.meta.dirname, "../dist/bundle"));
await build({
  entryPoints: [join(import.meta.dirname, "../src/main.ts")],
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node22",
  // Of lint alone; they bring WebAssembly and a program of their own along.
  external: ["libpg-query", "squawk-cli", "pg-native"],
  // pg asks for its parts by require.
  banner: {
    js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
  },
});
const bin = await readFile(join(import.meta.dirname, "../bin/codex-migrate.mjs"), "utf8");
await writeFile(join(folder, "codex-migrate.mjs"), bin.replace("../src/main.ts", "./main.mjs"), {
  mode: 0o755,
});
process.stdout.write(`codex-migrate is in ${folder}\n`);
