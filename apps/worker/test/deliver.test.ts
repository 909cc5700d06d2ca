import { CodexError } from "@codex/sdk";
import type { System } from "@codex/sdk";
import { expect, it } from "vitest";
import type { Outcome } from "../src/channels/channel.ts";
import { giveUp } from "../src/channels/channel.ts";
import { deliver } from "../src/jobs/deliver.ts";

it("an endpoint that is gone is disabled, though the database goes away between the two calls", async () => {
  const calls: string[] = [];
  let isHeld = true;
  const queue = {
    claim: async () => [{ id: "d", endpointId: "e", channel: "webhook" }],
    disableEndpoint: async () => {
      calls.push("disable");
      if (calls.length < 3) throw new CodexError("Unavailable", "the database is away");
    },
    fail: async () => {
      calls.push("fail");
      if (!isHeld)
        throw new CodexError("LeaseLost", "this token holds the lease no longer, or never did");
      isHeld = false;
    },
  };
  const ended: string[] = [];
  const done = await deliver(
    "w",
    {
      // What deliver calls of it, and no more.
      system: { background: () => ({ deliveries: queue }) } as unknown as System,
      channels: {
        without: [],
        send: async (): Promise<Outcome> => giveUp("HTTP 410: the endpoint is gone", true),
        close: () => {},
      },
      worker: "w",
      atOnce: 1,
      leaseMs: 10_000,
      ended: (_, outcome) => void ended.push(outcome),
    },
    new AbortController().signal,
  );
  expect([done, ended]).toEqual([1, ["given_up"]]);
  expect(calls.filter((call) => call === "disable").length).toBeGreaterThan(1);
  expect(calls.at(-1)).toBe("fail");
});
