import { createRequire } from "node:module";
import { z } from "zod";

/** A release of a browser, as a public observation of the market. */
export interface Release {
  readonly browser: string;
  readonly vendorUrl: string;
  readonly version: string;
  readonly date: string;
  readonly url: string;
}

const browser = z.object({
  name: z.string(),
  releases: z.record(
    z.string(),
    z.object({
      release_date: z.string().optional(),
      release_notes: z.string().optional(),
      status: z.string(),
    }),
  ),
});

const vendors: Readonly<Record<string, string>> = {
  chrome: "https://www.google.com/chrome/",
  firefox: "https://www.mozilla.org/firefox/",
  safari: "https://www.apple.com/safari/",
  edge: "https://www.microsoft.com/edge/",
};

/** The newest releases of each big browser, from MDN's public browser-compat-data. */
export function browserReleases(perBrowser: number): Release[] {
  const require = createRequire(import.meta.url);
  const data = z
    .object({ browsers: z.record(z.string(), browser) })
    .parse(require("@mdn/browser-compat-data"));
  return Object.entries(vendors).flatMap(([key, vendorUrl]) => {
    const { name, releases } = browser.parse(data.browsers[key]);
    return Object.entries(releases)
      .filter(([, release]) => release.status === "current" || release.status === "retired")
      .flatMap(([version, { release_date: date, release_notes: url }]) =>
        date === undefined
          ? []
          : [{ browser: name, vendorUrl, version, date, url: url ?? vendorUrl }],
      )
      .toSorted((a, b) => b.date.localeCompare(a.date))
      .slice(0, perBrowser);
  });
}
