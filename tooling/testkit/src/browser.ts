import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { requireTool } from "./tools.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export type { Browser, Page } from "playwright-core";

/** Debian's Chromium, with an empty profile. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: requireTool("chromium"), args: flags });
}

/** A page, and what it complained about. */
export interface Watched {
  readonly page: Page;
  readonly complaints: string[];
}

/** A page of a context of its own, as of another person. */
export async function watchedPage(
  browser: Browser,
  options: { colorScheme?: "light" | "dark"; width?: number } = {},
): Promise<Watched> {
  const { colorScheme = "light", width = 1280 } = options;
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, complaints };
}
