import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Contract } from "../contract/contract.ts";

/** What the landing page says. */
export interface Running {
  readonly schemaVersion: number;
  readonly serverVersion: string;
  readonly uptimeS: number;
  readonly streams: number;
}

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 12vh auto 4rem; padding: 0 1.25rem; }
h1 { font-size: 1.9rem; margin: 0 0 .25rem; letter-spacing: -.02em; }
p { margin: .25rem 0 1.5rem; opacity: .8; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.5rem; border-block: 1px solid var(--line); padding: 1rem 0; }
dt { opacity: .65; } dd { margin: 0; font-variant-numeric: tabular-nums; }
ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .6rem; }
a { display: block; padding: .45rem .9rem; border: 1px solid var(--line); border-radius: .5rem; text-decoration: none; color: inherit; }
a:hover, a:focus-visible { background: color-mix(in srgb, currentColor 8%, transparent); }
`;
const styleHash = createHash("sha256").update(style).digest("base64");

/** The page at `/`: what runs, and where to go on. */
export function sendLanding(response: ServerResponse, contract: Contract, running: Running): void {
  const { schemaVersion, serverVersion, uptimeS, streams } = running;
  const facts: readonly (readonly [string, string | number])[] = [
    ["Procedures", contract.procedures.length],
    ["Contract", `version ${contract.version}`],
    ["Schema", `version ${schemaVersion}`],
    ["PostgreSQL", serverVersion],
    ["Open streams", streams],
    ["Up", `${Math.round(uptimeS)} s`],
  ];
  const rows = facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("");
  const links = [
    ["/docs", "Documentation"],
    ["/openapi.json", "OpenAPI 3.1"],
    ["/readyz", "Readiness"],
    ["/livez", "Liveness"],
  ].map(([href, text]) => `<li><a href="${href}">${text}</a></li>`);
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Codex API</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body><main><h1>Codex API</h1><p>The data platform of a marketing-strategy product, for apps: tRPC at
<code>/trpc</code>, HTTP and JSON at <code>/v1</code>, tools of agents at <code>/mcp</code>.</p>
<dl>${rows}</dl><ul>${links.join("")}</ul></main></body></html>
`;
  sendPage(response, html, `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:`);
}

const docsFiles: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css",
  "swagger-ui-bundle.js": "text/javascript",
};

const docsHtml = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Codex API: documentation</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
`;

const docsStart =
  Buffer.from(`SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true,
  docExpansion: "none", defaultModelsExpandDepth: 0, validatorUrl: null });
`);

// Swagger UI sets styles by script; everything it loads comes from here.
const docsPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/** The pages under `/docs`; false for a path that is none of them. */
export function sendDocs(response: ServerResponse, path: string): boolean {
  if (path === "/docs" || path === "/docs/") {
    sendPage(response, docsHtml, docsPolicy);
    return true;
  }
  const name = path.slice("/docs/".length);
  if (name === "start.js") {
    sendFile(response, docsStart, "text/javascript");
    return true;
  }
  const type = Object.hasOwn(docsFiles, name) ? docsFiles[name] : undefined;
  if (type === undefined) return false;
  sendFile(response, swaggerFile(name), type);
  return true;
}

// The same bytes for everybody: a copy for each who does not read theirs would take all memory.
const swaggerFiles = new Map<string, Buffer>();

function swaggerFile(name: string): Buffer {
  const known = swaggerFiles.get(name);
  if (known !== undefined) return known;
  const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
  const bytes = readFileSync(join(folder, name));
  swaggerFiles.set(name, bytes);
  return bytes;
}

function sendPage(response: ServerResponse, html: string, policy: string): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": Buffer.byteLength(html),
    "content-security-policy": policy,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  });
  response.end(html);
}

function sendFile(response: ServerResponse, bytes: Buffer, type: string): void {
  response.writeHead(200, {
    "content-type": `${type}; charset=utf-8`,
    "content-length": bytes.length,
    "x-content-type-options": "nosniff",
    "cache-control": "public, max-age=3600",
  });
  response.end(bytes);
}
