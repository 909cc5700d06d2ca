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
  const location = {
    ...(file === undefined ? {} : { physicalLocation: physical(finding, `${filesIn}/${file}`) }),
    ...(object === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: object }] }),
  };
  return {
    ruleId: rule,
    level,
    message: { text: [message, remedy].filter(Boolean).join(" ") },
    ...(Object.keys(location).length === 0 ? {} : { locations: [location] }),
  };
}

function physical({ line, column }: Finding, path: string): unknown {
  const region = {
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
  };
  return {
    artifactLocation: { uri: path.split("/").map(encodeURIComponent).join("/") },
    ...(line === undefined ? {} : { region }),
  };
}
