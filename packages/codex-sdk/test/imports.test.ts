import { importCohorts, importSignals } from "@codex/sdk";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeWorld } from "./world.ts";
import type { World } from "./world.ts";

describe("what comes in as a text", () => {
  let world: World;
  beforeAll(async () => {
    world = await makeWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("is taken in line by line from CSV; a bad line in the middle keeps no good one out", async () => {
    const run = randomUUID();
    const csv = [
      "source,externalId,title,kind,confidence,keyFindings",
      `feed,${run} 1,"A title, with a comma",market,70,one; two`,
      `feed,${run} 2,Bad,nothing,70,`,
      `feed,${run} 3,Too,many,cells,here,by,far`,
      "",
      `feed,${run} 4,"Two`,
      `lines",customer,,`,
      `feed,${run} 5,Bad,market,much,`,
      `feed,${run} 6,Last,trend,1,`,
    ].join("\r\n");
    const { signals } = world.ann.ws;
    const first = await importSignals(signals, csv, { format: "csv" });
    expect(first.lines.map(({ line, ok }) => [line, ok])).toEqual([
      [2, true],
      [3, false],
      [4, false],
      [7, true],
      [8, false],
      [9, true],
    ]);
    expect(first).toMatchObject({ done: 3, failed: 3 });
    expect(first.lines.flatMap((one) => (one.ok ? [] : [one.error.code]))).toEqual([
      "InvalidInput",
      "InvalidInput",
      "InvalidInput",
    ]);
    const [one] = first.lines;
    expect(one?.ok === true && one.value.signal).toMatchObject({
      title: "A title, with a comma",
      confidence: 70,
      keyFindings: ["one", "two"],
    });
    const words = ["merged", false, false, "merged", false, "merged"];
    const again = await importSignals(signals, csv, { format: "csv" });
    expect(again.lines.map((line) => line.ok && line.value.outcome)).toEqual(words);
  });

  it.each([
    ["nobody closes", `feed,x,"Open,market,70`, 3],
    ["stands in the middle of a cell", `feed,x,Open" title,market,70`, 3],
    ["closes before the cell ends", `feed,x,"Open" title,market,70`, 3],
    ["opens a cell over lines that are closed by too many", `feed,x,"Open\ntitle"",market,70`, 4],
  ])("keeps every good line of a CSV with a quote that %s", async (_, bad, through) => {
    const good = (title: string): string => `feed,${randomUUID()},"${title}",market,70`;
    const head = "source,externalId,title,kind,confidence";
    const csv = [head, good("One"), bad, good("Two"), good("Three, of three")].join("\n");
    const { lines, done } = await importSignals(world.ann.ws.signals, csv, { format: "csv" });
    expect(lines.map((one) => [one.line, one.ok && one.value.signal.title])).toEqual([
      [2, "One"],
      ...Array.from({ length: through - 2 }, (__, at) => [at + 3, false]),
      [through + 1, "Two"],
      [through + 2, "Three, of three"],
    ]);
    expect(done).toBe(3);
  });

  it("is refused as a whole when its header is none, and taken in with a mark of its byte order", async () => {
    const { signals } = world.ann.ws;
    for (const header of [`sou"rce,title`, "title,title", "title,,kind"])
      await expect(
        importSignals(signals, `${header}\nx,y,market`, { format: "csv" }),
        header,
      ).rejects.toMatchObject({ code: "InvalidInput" });
    for (const mark of [";", "\t"])
      await expect(
        importSignals(signals, ["title", "kind"].join(mark), { format: "csv" }),
      ).rejects.toMatchObject({
        code: "InvalidInput",
        message: "the columns are not separated by commas",
      });
    expect(await importSignals(signals, "", { format: "csv" })).toEqual({
      lines: [],
      done: 0,
      failed: 0,
    });
    const json = JSON.stringify([{ kind: "market", title: randomUUID() }]);
    const marked = `\uFEFFkind,title\nmarket,${randomUUID()}`;
    expect(await importSignals(signals, `\uFEFF${json}`, { format: "json" })).toMatchObject({
      done: 1,
    });
    expect(await importSignals(signals, marked, { format: "csv" })).toMatchObject({ done: 1 });
  });

  it("is taken in from JSON, an array or one object on each line, and refused when it is neither", async () => {
    const { signals } = world.ann.ws;
    const item = (): object => ({ kind: "market", title: randomUUID() });
    const array = JSON.stringify([item(), { kind: "market" }, item()]);
    const fromArray = await importSignals(signals, array, { format: "json" });
    expect(fromArray.lines.map(({ line, ok }) => [line, ok])).toEqual([
      [1, true],
      [2, false],
      [3, true],
    ]);
    const lines = [JSON.stringify(item()), "{", "", "7", JSON.stringify(item())].join("\n");
    const fromLines = await importSignals(signals, lines, { format: "json" });
    expect(fromLines.lines.map(({ line, ok }) => [line, ok])).toEqual([
      [1, true],
      [2, false],
      [4, false],
      [5, true],
    ]);
    const broken = importSignals(signals, "[{", { format: "json" });
    await expect(broken).rejects.toMatchObject({ code: "InvalidInput" });
    const viewer = importSignals(world.vic.ws.signals, array, { format: "json" });
    await expect(viewer).rejects.toMatchObject({ code: "Forbidden" });
  });

  it("makes cohorts, each once under one idempotency key", async () => {
    const { cohorts } = world.cleo.ws;
    const csv = "name,sizeEstimate,tags\nMakers,200,b2b; tools\n,1,\nShops,,";
    const options = { format: "csv", idempotencyKey: randomUUID() } as const;
    const first = await importCohorts(cohorts, csv, options);
    expect(first.lines.map(({ line, ok }) => [line, ok])).toEqual([
      [2, true],
      [3, false],
      [4, true],
    ]);
    const [one] = first.lines;
    expect(one?.ok === true && one.value).toMatchObject({
      name: "Makers",
      sizeEstimate: 200,
      tags: ["b2b", "tools"],
    });
    await importCohorts(cohorts, csv, options);
    const names = (await cohorts.list({ first: 200 })).items.map(({ name }) => name);
    expect(names.filter((name) => name === "Makers")).toHaveLength(1);
  });
});
