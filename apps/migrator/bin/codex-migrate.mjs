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
  void Promise.all([import("module"), import("v8")]).then(([{ enableCompileCache }, v8]) => {
    enableCompileCache();
    // These wait for the server and end before an optimizing compiler pays; its pages are 5 MB more
    // (64 and not 59 MB in all, N = 5), and longer paths alone were enough to start it.
    if (["up", "status"].includes(process.argv[2])) v8.setFlagsFromString("--no-opt --no-maglev");
    return import("../src/main.ts");
  });
}
