import { describe, expect, it } from "vitest";
import { Gate } from "../src/limits/gate.ts";

describe("the gate", () => {
  it("lets nobody in while the event loop runs late, and everybody again when it does not", async () => {
    const gate = new Gate({ inFlightMax: 10, inFlightPerWorkspace: 10, loopLagMaxMs: 100 });
    const pass = (): Promise<string> => gate.pass(undefined, async () => "in");
    await new Promise((done) => setTimeout(done, 120));
    expect(await pass()).toBe("in");
    const until = performance.now() + 400;
    while (performance.now() < until);
    // The late timer is the next thing that happens.
    await new Promise((done) => setTimeout(done, 0));
    await expect(pass()).rejects.toMatchObject({ code: "Unavailable", retryAfterS: 1 });
    await expect.poll(() => pass().catch(() => "out")).toBe("in");
    expect(gate.inFlight).toBe(0);
    gate.close();
  });

  it("counts what is under way, also when it fails", async () => {
    const gate = new Gate({ inFlightMax: 2, inFlightPerWorkspace: 1, loopLagMaxMs: 60_000 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = gate.pass("a", () => promise);
    await expect(gate.pass("a", async () => {})).rejects.toMatchObject({ code: "RateLimited" });
    const failing = gate.pass("b", async () => {
      await promise;
      throw new Error("failed");
    });
    await expect(gate.pass("c", async () => {})).rejects.toMatchObject({ code: "Unavailable" });
    resolve();
    await first;
    await expect(failing).rejects.toThrow("failed");
    expect(gate.inFlight).toBe(0);
    await gate.pass("a", async () => {});
    gate.close();
  });
});
