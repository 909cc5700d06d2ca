import { createCodex } from "@codex/sdk";
import { makeTestWorkspace } from "@codex/sdk/testing";
import { startApi, testDatabase } from "@codex/testkit";
import type { ApiProcess } from "@codex/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBrowser, watchedPage } from "@codex/testkit/browser";
import type { Browser, Page } from "@codex/testkit/browser";
import { serveSite } from "./site.ts";

// What a browser itself says while nothing listens.
const network = /net::ERR_|Failed to load resource/u;

describe("the page of campaigns", () => {
  const stack = new AsyncDisposableStack();
  let api: ApiProcess;
  let browser: Browser;
  let site: string;
  let apiKey: string;
  beforeAll(async () => {
    const db = stack.use(await testDatabase());
    ({ url: site } = stack.use(await serveSite()));
    const connectionString = db.url("codex_api");
    const codex = stack.use(createCodex({ connectionString, max: 3 }));
    const { id, owner } = await makeTestWorkspace(codex);
    const key = { name: "page", role: "creator", actingAs: owner.userId } as const;
    apiKey = (await codex.workspaces.apiKeys.create(id, key)).secret;
    api = stack.use(await startApi(db, { CORS_ORIGINS: site }));
    browser = stack.adopt(await openBrowser(), (opened) => opened.close());
  });
  afterAll(() => stack.disposeAsync());

  const signIn = async (page: Page): Promise<void> => {
    await page.goto(site);
    await page.getByLabel("API address").fill(api.url);
    await page.getByLabel("API key").fill(apiKey);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("Live", { exact: true }).waitFor();
  };
  const create = async (page: Page, name: string): Promise<void> => {
    await page.getByLabel("Name of the new campaign").fill(name);
    await page.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name }).waitFor();
  };
  const addQuest = async (page: Page, name: string): Promise<void> => {
    await page.getByLabel("Name of the new quest").fill(name);
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByRole("slider", { name: `Progress of ${name}` }).waitFor();
  };

  it("shows one person what another does, over a restart of the API", async () => {
    const [ada, bob] = [await watchedPage(browser), await watchedPage(browser)];
    await signIn(ada.page);
    await signIn(bob.page);

    await create(ada.page, "Spring launch");
    await bob.page.getByRole("button", { name: /Spring launch/u }).click();
    await bob.page.getByRole("list", { name: "Events" }).getByText("created").waitFor();

    await addQuest(ada.page, "Write the page");
    await addQuest(ada.page, "Film it");
    await ada.page.getByLabel("Part of").selectOption({ label: "in Write the page" });
    await addQuest(ada.page, "Headline");
    await ada.page.getByRole("slider", { name: "Progress of Headline" }).fill("60");
    await ada.page.getByRole("button", { name: "Report Headline" }).click();
    const progress = bob.page.getByRole("progressbar", { name: "Progress of Write the page" });
    await expect.poll(() => progress.getAttribute("value")).toBe("60");
    expect([ada.complaints, bob.complaints]).toEqual([[], []]);

    await api.stop("SIGKILL");
    await bob.page.getByText("Connecting…").waitFor();
    await ada.page.getByText("Connecting…").waitFor();
    await api.start();
    await bob.page.getByText("Live", { exact: true }).waitFor();
    await ada.page.getByText("Live", { exact: true }).waitFor();
    await create(ada.page, "After the restart");
    await bob.page.getByRole("button", { name: /After the restart/u }).waitFor();
    const complaints = [...ada.complaints, ...bob.complaints];
    expect(complaints.filter((text) => !network.test(text))).toEqual([]);
    await ada.page.getByRole("button", { name: "Sign out" }).click();
    await ada.page.getByLabel("API key").waitFor();
    expect(await ada.page.getByLabel("API key").inputValue()).toBe("");
  });

  it("says why a key is refused", async () => {
    const { page, complaints } = await watchedPage(browser);
    await page.goto(site);
    await page.getByLabel("API address").fill(api.url);
    await page.getByLabel("API key").fill("cdx_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").waitFor();
    // The browser's own line about the 401.
    expect(complaints.filter((text) => !network.test(text))).toEqual([]);
  });

  it.each(["light", "dark"] as const)("fits a phone, in %s", async (colorScheme) => {
    const { page, complaints } = await watchedPage(browser, { colorScheme, width: 390 });
    await signIn(page);
    await create(page, "A name that is so long that it would not fit into one line of a telephone");
    await addQuest(page, "Quest");
    const overflow = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(overflow).toBeLessThanOrEqual(390);
    expect(complaints).toEqual([]);
  });

  it("can be used by those who see no screen", async () => {
    const { page } = await watchedPage(browser);
    await signIn(page);
    await create(page, "Named");
    await addQuest(page, "Quest");
    // Every control says what it is for, and every region has a name.
    const nameless = await page.evaluate<string[]>(`
      [...document.querySelectorAll("input, select, button, progress, section")]
        .filter((element) => !(element.labels?.length > 0 || element.ariaLabel ||
          element.getAttribute("aria-labelledby") || element.textContent.trim()))
        .map((element) => element.outerHTML)`);
    expect(nameless).toEqual([]);
    await page.getByLabel("Name of the new campaign").focus();
    await page.keyboard.type("By keyboard");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "By keyboard" }).waitFor();
  });

  it.each(["/", "/docs"])("the API's own %s opens without a complaint", async (path) => {
    const { page, complaints } = await watchedPage(browser);
    await page.goto(`${api.url}${path}`, { waitUntil: "networkidle" });
    const heading = page
      .getByRole("heading", { name: path === "/" ? "Codex API" : /campaigns/u })
      .first();
    await expect
      .poll(async () => ({ isShown: await heading.isVisible(), complaints }))
      .toEqual({ isShown: true, complaints: [] });
  });
});
