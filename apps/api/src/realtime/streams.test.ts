import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { Stream, Streams } from "./streams.ts";

type Parts = ConstructorParameters<typeof Streams>[0];

const longerThanBuffers = "x".repeat(64 * 1024 * 1024);

/** Says goodbye at once, after more than a client that does not read can be sent. */
class Short extends Stream {
  override begin(from: number): void {
    super.begin(from);
    this.tell(1, longerThanBuffers);
    this.complete();
  }
}

describe("the open streams of a process", () => {
  it("are ended in order, one too whose reader has not come to its goodbye", async () => {
    const hub = {
      subscribe: async (_: string, stream: Stream): Promise<() => void> => {
        stream.begin(0);
        return () => {};
      },
    };
    const each = { max: 9, perWorkspace: 9, perKey: 9, perAddress: 9 };
    const streams = new Streams({
      hub,
      access: { ended: async () => [] },
      settings: { ...each, pingMs: 60_000, reconnectMs: 60_000 },
      delivered: () => {},
      cut: () => {},
      failed: () => {},
    } as unknown as Parts); // what is asked of them here
    const faults: unknown[] = [];
    const server = createServer((request, response) => {
      response.on("error", (fault) => faults.push(fault));
      const holder = { workspaceId: "w", userId: "u", apiKeyId: null };
      const make = (options: ConstructorParameters<typeof Stream>[0]): Stream => new Short(options);
      void streams.open(request, response, {
        holder,
        address: "a",
        after: 0,
        types: undefined,
        make,
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    expect(streams.count).toBe(1);
    await streams.drain();
    expect([streams.count, faults]).toEqual([0, []]);
    await answer.body?.cancel().catch(() => {});
    await new Promise((done) => server.close(done));
  });
});
