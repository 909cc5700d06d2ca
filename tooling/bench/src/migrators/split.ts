const pieces = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;

/** The statements of a file, for peers that take one at a time. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let start = 0;
  for (const { 0: piece, index } of text.matchAll(pieces)) {
    if (piece !== ";") continue;
    statements.push(text.slice(start, index + 1).trim());
    start = index + 1;
  }
  return [...statements, text.slice(start).trim()].filter((statement) =>
    /^\s*[^-\s]/m.test(statement),
  );
}
