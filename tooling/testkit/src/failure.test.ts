import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { failure } from "./failure.ts";

const folder = tmpdir();

test.each([
  ['initdb: error: could not write file "x": No space left on device', "is full; make room there"],
  [
    'initdb: error: could not create directory "x": Disk quota exceeded',
    "is full; make room there",
  ],
  [
    'FATAL:  could not write lock file "postmaster.pid": Read-only file system',
    "is on a read-only file system",
  ],
  ["Error: EROFS: read-only file system, mkdir '/data'", "is on a read-only file system"],
  ["spawn /tmp/bin/initdb EACCES", "may not write to or run from"],
  ["postgres: error while loading shared libraries: libpq.so.5: cannot open", "pnpm@12 rebuild"],
])("%s: one sentence with the remedy", (output, sentence) => {
  const { message } = failure("initdb failed", output, folder);
  expect(message).toContain(sentence);
  expect(message).not.toContain("\n");
});

test("an unknown cause is told by the end of the output", () => {
  const output = Array.from({ length: 20 }, (_, line) => `line ${line}`).join("\n");
  const { message } = failure("initdb failed", output, folder);
  expect(message).toMatch(/^initdb failed:\nline 12\n/);
  expect(message).toMatch(/line 19$/);
});
