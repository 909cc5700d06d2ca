import { CodexError } from "@codex/sdk/errors";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { serveStream } from "./stream-door.ts";

type Parts = Parameters<typeof serveStream>[2];

/** Answers that the door gives where the admission throws that. */
async function refusing<T>(
  error: Error,
  ask: (address: string) => Promise<T>,
  before: (response: ServerResponse) => void = () => {},
): Promise<{ asked: T; faults: unknown[] }> {
  const parts = { admission: { look: () => Promise.reject(error), refused: () => {} } };
  const faults: unknown[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    response.on("error", (fault) => faults.push(fault));
    before(response);
    const url = new URL("http://x/v1/events.subscribe");
    void serveStream({ request, response, requestId: "r" }, url, parts as unknown as Parts); // as far as it gets
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  try {
    return { asked: await ask(`http://127.0.0.1:${port}/`), faults };
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

const frameOf = async (address: string): Promise<string> =>
  (await fetch(address, { headers: { accept: "text/event-stream" } })).text();

describe("a stream that is refused", () => {
  it.each(["OutcomeUnknown", "Unavailable", "Timeout", "Internal"] as const)(
    "is asked for again soon after %s, which passes",
    async (code) => {
      const { asked } = await refusing(new CodexError(code, "x"), frameOf);
      const [, retry] = /^retry: (\d+)$/mu.exec(asked) ?? [];
      expect(Number(retry)).toBeGreaterThan(0);
      expect(Number(retry)).toBeLessThanOrEqual(2_000);
    },
  );

  it("is told nothing more when it has ended, and is not read to its end", async () => {
    const length = 32 * 1024 * 1024;
    const { asked, faults } = await refusing(new CodexError("NotFound", "x"), frameOf, (response) =>
      response.writeHead(200).end(Buffer.alloc(length)),
    );
    expect([asked.length, faults]).toEqual([length, []]);
  });
});
