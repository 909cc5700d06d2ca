import { exitCode, Failure, sentenceOf } from "../failure.ts";
import type { Finding } from "./result.ts";

// What is wrong in a file is said with its place in front, as compilers do: 003_three.sql:12:5: …
const place = /^(\d{3}_[a-z0-9_]+\.sql)(?::(\d+)(?::(\d+))?)?:?\s+/;

/** The end of a failed command as a finding, at its file, line and column where the sentence names them. */
export function failureFinding(error: unknown): Finding {
  const sentence = sentenceOf(error);
  const [prefix = "", file, line, column] = place.exec(sentence) ?? [];
  return {
    level: "error",
    rule: ruleOf(error),
    message: prefix.trimEnd().endsWith(":") ? sentence.slice(prefix.length) : sentence,
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(column === undefined ? {} : { column: Number(column) }),
  };
}

// Named like the exit code: failed, usage, drift, …
function ruleOf(error: unknown): string {
  const code = error instanceof Failure ? error.code : exitCode.failed;
  return Object.entries(exitCode).find(([, known]) => known === code)?.[0] ?? "failed";
}
