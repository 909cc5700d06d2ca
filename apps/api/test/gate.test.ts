import { describe, expect, it } from "vitest";
import { Gate } from "../src/limits/gate.ts";

const wide = {
  inFlightMax: 1_000,
  inFlightPerKey: 1_000,
  inFlightPerWorkspace: 1_000,
  inFlightPerAddress: 1_000,
  loopLagMaxMs: 60_000,
};
const somebody = { address: "a", key: undefined, workspaceId: undefined, calls: 1 };

describe("the gate", () => {
  it("lets nobody in while the event loop runs late, and everybody again when it does not", async () => {
    const gate = new Gate({ ...wide, loopLagMaxMs: 100 });
    const pass = (): Promise<string> => gate.pass(somebody, async () => "in");
    await new Promise((done) => setTimeout(done, 120));
    await expect.poll(() => pass().catch(() => "out")).toBe("in");
    const until = performance.now() + 400;
    while (performance.now() < until);
    // The late timer is the next thing that happens.
    await new Promise((done) => setTimeout(done, 0));
    await expect(pass()).rejects.toMatchObject({ code: "Unavailable", retryAfterS: 1 });
    await expect.poll(() => pass().catch(() => "out")).toBe("in");
    expect(gate.inFlight).toBe(0);
    gate.close();
  });

  it.each([
    ["in all", { inFlightMax: 2 }, somebody, "Unavailable"],
    ["of an address", { inFlightPerAddress: 2 }, somebody, "RateLimited"],
    ["of a key", { inFlightPerKey: 2 }, { ...somebody, key: "k" }, "RateLimited"],
    [
      "of a workspace",
      { inFlightPerWorkspace: 2 },
      { ...somebody, workspaceId: "w" },
      "RateLimited",
    ],
  ])("counts the calls %s, also those that fail", async (_, limit, who, code) => {
    const gate = new Gate({ ...wide, ...limit });
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = gate.pass(who, () => promise);
    const failing = gate.pass(who, async () => {
      await promise;
      throw new Error("failed");
    });
    await expect(gate.pass(who, async () => {})).rejects.toMatchObject({ code });
    resolve();
    await first;
    await expect(failing).rejects.toThrow("failed");
    expect(gate.inFlight).toBe(0);
    await expect(gate.pass({ ...who, calls: 3 }, async () => {})).rejects.toMatchObject({ code });
    expect(gate.inFlight).toBe(0);
    await gate.pass({ ...who, calls: 2 }, async () => {});
    gate.close();
  });

  it("waits for bodies beside it, for so many of one address", async () => {
    const gate = new Gate({ ...wide, inFlightMax: 1, inFlightPerAddress: 2 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = [gate.read("a", () => promise), gate.read("a", () => promise)];
    await expect(gate.read("a", async () => {})).rejects.toMatchObject({ code: "RateLimited" });
    await gate.read("b", async () => {});
    expect(await gate.pass(somebody, async () => "in")).toBe("in");
    resolve();
    await Promise.all(slow);
    await gate.read("a", async () => {});
    gate.close();
  });
});
