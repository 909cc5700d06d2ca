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
    narrow: [...document.querySelectorAll("td:not(.state, .number)")].filter(seen)
      .filter((cell) => cell.textContent !== "" && cell.getBoundingClientRect().width < 120).length,
  };
})()`;

describe("the HTML report in a browser", () => {
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
