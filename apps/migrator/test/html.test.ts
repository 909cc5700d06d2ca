import { openBrowser, watchedPage } from "@codex/testkit/browser";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { html } from "../src/report/html.ts";
import { longResult } from "./support/long-result.ts";

// Counted in the page: boxes of a text are its lines.
const measure = `(() => {
  const linesOf = (cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map((box) => box.top)).size;
  };
  const seen = (cell) => getComputedStyle(cell).display !== "none";
  return {
    over: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    states: [...document.querySelectorAll("td.state")].map(linesOf),
    heads: Math.max(0, ...[...document.querySelectorAll("th")].map(linesOf)),
    narrow: [...document.querySelectorAll("td:not(.state, .number)")].filter(seen)
      .filter((cell) => cell.textContent !== "" && cell.getBoundingClientRect().width < 120).length,
  };
})()`;

describe("the HTML report in a browser", () => {
  it("keeps the heads of empty columns in one line, and names a number without a unit", async () => {
    const browser = await openBrowser();
    try {
      const { page } = await watchedPage(browser, { width: 1_100, colorScheme: "light" });
      const series = [
        {
          name: "Slow queries",
          unit: "",
          points: [
            [0, 0],
            [6_000, 0],
          ] as const,
        },
      ];
      // Cells that nothing stands in leave their column no room.
      const message = "A sentence that is far too long for its line. ".repeat(10);
      const findings = [{ level: "warning", rule: "warning", message } as const];
      await page.setContent(html({ ...longResult, findings, series }));
      const { heads } = await page.evaluate<{ heads: number }>(measure);
      expect(heads).toBe(1);
      expect(await page.locator("svg[aria-label='Slow queries'] text").textContent()).toBe(
        "highest 0, over 6.0 s",
      );
    } finally {
      await browser.close();
    }
  });

  it.each([
    [390, "dark"],
    [1_100, "light"],
    [1_440, "dark"],
  ] as const)("has room for everything at %i px, %s", async (width, colorScheme) => {
    const folder = await mkdtemp(join(tmpdir(), "codex-report-"));
    const browser = await openBrowser();
    try {
      const path = join(folder, "report.html");
      await writeFile(path, html(longResult));
      const { page, complaints } = await watchedPage(browser, { width, colorScheme });
      await page.goto(`file://${path}`);
      const { over, states, narrow } = await page.evaluate<{
        over: number;
        states: number[];
        narrow: number;
      }>(measure);
      expect({ over, narrow, complaints }).toEqual({ over: 0, narrow: 0, complaints: [] });
      expect(states).toEqual(Array.from({ length: 35 }, () => 1));
      expect(await page.locator("svg[aria-label='Timeline'] rect").count()).toBe(24);
    } finally {
      await browser.close();
      await rm(folder, { recursive: true });
    }
  });
});
