#!/usr/bin/env node
// The quick way in, in plain JavaScript that an old Node.js can read too, so that it can say what is missing.
// Node keeps what it compiles, so that a run with nothing to do neither strips types nor compiles again
// (0.28 s and 98 MB without, 0.10 s and 67 MB with it).
const [major, minor] = process.versions.node.split(".").map(Number);
// From here on Node strips types by itself; the project is tried on 24.
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `codex-migrate: Node.js ${process.versions.node} is too old: install 24, or at least 22.18.\n`,
  );
  process.exitCode = 2;
} else {
  void import("module").then(({ enableCompileCache }) => {
    enableCompileCache();
    return import("../src/main.ts");
  });
}
