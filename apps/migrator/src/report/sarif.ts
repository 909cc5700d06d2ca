import type { Finding, Result } from "./result.ts";

/** The findings as SARIF 2.1.0, which code hosts show beside the lines of a pull request. */
export function sarif(result: Result): string {
  const rules = [...new Set(result.findings.map((finding) => finding.rule))];
  return `${JSON.stringify(
    {
      version: "2.1.0",
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      runs: [
        {
          tool: {
            driver: {
              name: "codex-migrate",
              version: result.tool,
              rules: rules.map((id) => ({ id })),
            },
          },
          invocations: [
            {
              executionSuccessful: result.ok,
              exitCode: result.code,
              startTimeUtc: result.startedAt,
            },
          ],
          results: result.findings.map((finding) => toResult(finding, result.filesIn)),
        },
      ],
    },
    null,
    2,
  )}\n`;
}

function toResult(finding: Finding, filesIn: string): unknown {
  const { rule, level, message, remedy, file, object } = finding;
  return {
    ruleId: rule,
    level,
    message: { text: [message, remedy].filter(Boolean).join(" ") },
    locations: [
      {
        ...(file === undefined
          ? {}
          : { physicalLocation: physical(`${filesIn}/${file}`, finding) }),
        ...(object === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: object }] }),
      },
    ],
  };
}

function physical(file: string, { line, column }: Finding): unknown {
  return {
    artifactLocation: { uri: file },
    ...(line === undefined
      ? {}
      : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } }),
  };
}
