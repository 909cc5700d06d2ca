import { getTimeZones } from "@vvo/tzdb";
import type pg from "pg";
import { browserReleases } from "./market.ts";

const slug = "acme-demo";

const people = [
  { name: "Ada", role: "owner", place: "London" },
  { name: "Sam", role: "strategist", place: "New York" },
  { name: "Cleo", role: "creator", place: "Paris" },
  { name: "Ann", role: "analyst", place: "Tokyo" },
  { name: "Vic", role: "viewer", place: "Sydney" },
] as const;

type Name = (typeof people)[number]["name"];

/** The demo workspace while it is being made: one transaction, as the service in its context. */
interface Demo {
  readonly client: pg.ClientBase;
  readonly workspaceId: string;
  readonly userIds: ReadonlyMap<Name, string>;
}

/** Makes the demo workspace, unless it is there; gives whether it was made. In the caller's transaction. */
export async function seedDemo(client: pg.ClientBase): Promise<boolean> {
  const found = await client.query(
    "select from codex.resolve_slug($1) as id where id is not null",
    [slug],
  );
  if (found.rowCount !== 0) return false;
  const demo = await makeWorkspace(client);
  const positioningId = await makePositioning(demo);
  const cohortIds = await makeCohorts(demo);
  const campaignId = await makeCampaign(demo, positioningId, cohortIds);
  await makeQuests(demo, campaignId);
  await one(
    demo,
    "update codex.campaigns set status = 'active' where workspace_id = $1 and id = $2 returning id",
    [campaignId],
  );
  await makeAchievements(demo);
  await makeMarket(demo);
  await makeAlerts(demo, campaignId);
  return true;
}

async function makeWorkspace(client: pg.ClientBase): Promise<Demo> {
  const userIds = new Map<Name, string>();
  for (const { name, place } of people) {
    userIds.set(
      name,
      await readId(client, "select codex.ensure_person($1, $2, $3, $4, $5) as id", [
        "https://demo.codex.example",
        name.toLowerCase(),
        name,
        `${name.toLowerCase()}@demo.codex.example`,
        timeZoneOf(place),
      ]),
    );
  }
  const workspaceId = await readId(
    client,
    "select codex.create_workspace(gen_random_uuid(), $1, 'Acme (demo)', $2, 'Europe/London') as id",
    [userIds.get("Ada"), slug],
  );
  // From here on as background work; rows name their authors.
  await client.query("select codex.set_service_context($1)", [workspaceId]);
  for (const { name, role } of people.slice(1)) {
    await client.query(
      "insert into codex.user_workspaces (workspace_id, user_id, role, display_name) values ($1, $2, $3, $4)",
      [workspaceId, userIds.get(name), role, name],
    );
  }
  return { client, workspaceId, userIds };
}

function timeZoneOf(city: string): string {
  return getTimeZones().find((zone) => zone.mainCities.includes(city))?.name ?? "UTC";
}

async function makePositioning(demo: Demo): Promise<string> {
  const sam = demo.userIds.get("Sam");
  const id = await one(
    demo,
    `insert into codex.positioning (workspace_id, segment, name, competitive_alternatives,
       unique_attributes, value_themes, best_fit_customers, market_category, created_by)
     values ($1, 'web-teams', 'The browser that tests itself',
       '{"Manual cross-browser testing", "A device laboratory"}', '{"Runs every engine in one pass"}',
       '{"Releases without surprises"}', 'Product teams that ship weekly', 'Browser testing', $2)
     returning id`,
    [sam],
  );
  await demo.client.query("select codex.publish_positioning($1, $2)", [demo.workspaceId, id]);
  const pillars = [
    {
      claim: "Every engine, every night",
      proofPoints: [{ text: "Three engines in one run", source: "Product documentation" }],
    },
  ];
  await one(
    demo,
    `insert into codex.message_architecture (workspace_id, positioning_id, name, core_message, pillars, created_by)
     values ($1, $2, 'Launch message', 'Ship on Friday, sleep on Saturday.', $3, $4) returning id`,
    [id, JSON.stringify(pillars), sam],
  );
  await demo.client.query(
    "update codex.message_architecture set status = 'published' where workspace_id = $1",
    [demo.workspaceId],
  );
  return id;
}

async function makeCohorts(demo: Demo): Promise<string[]> {
  const ids: string[] = [];
  for (const [name, summary] of [
    ["Platform engineers", "Own the build and answer for it."],
    ["Product designers", "Care how it looks everywhere."],
    ["Engineering managers", "Pay for the night that went wrong."],
  ]) {
    ids.push(
      await one(
        demo,
        `insert into codex.cohorts (workspace_id, name, executive_summary, journey_distribution, created_by)
         values ($1, $2, $3, '{"unaware": 0.5, "problem_aware": 0.3, "solution_aware": 0.2}', $4) returning id`,
        [name, summary, demo.userIds.get("Cleo")],
      ),
    );
  }
  return ids;
}

async function makeCampaign(
  demo: Demo,
  positioningId: string,
  cohortIds: string[],
): Promise<string> {
  const id = await one(
    demo,
    `insert into codex.campaigns (workspace_id, name, objective, status, positioning_id, owner_id,
       start_date, budget_minor, currency, created_by)
     values ($1, 'Autumn launch', 'consideration', 'planning', $2, $3, current_date, 2500000, 'USD', $3)
     returning id`,
    [positioningId, demo.userIds.get("Cleo")],
  );
  for (const [at, cohortId] of cohortIds.entries()) {
    await demo.client.query(
      `insert into codex.campaign_cohorts (workspace_id, campaign_id, cohort_id, allocation_percentage, target_count)
       values ($1, $2, $3, $4, 1000)`,
      [demo.workspaceId, id, cohortId, [50, 30, 20][at]],
    );
  }
  return id;
}

async function makeQuests(demo: Demo, campaignId: string): Promise<void> {
  const quest = (name: string, parentId: string | null, weight: number): Promise<string> =>
    one(
      demo,
      `insert into codex.campaign_quests (workspace_id, campaign_id, name, parent_id, weight, assigned_to, created_by)
       values ($1, $2, $3, $4, $5, $6, $6) returning id`,
      [campaignId, name, parentId, weight, demo.userIds.get("Cleo")],
    );
  const root = await quest("Launch", null, 1);
  const content = await quest("Content", root, 2);
  const outreach = await quest("Outreach", root, 1);
  const article = await quest("Launch article", content, 3);
  await quest("Demo video", content, 1);
  await quest("Letter to customers", outreach, 1);
  await demo.client.query(
    "update codex.campaign_quests set status = 'completed' where workspace_id = $1 and id = $2",
    [demo.workspaceId, article],
  );
}

async function makeAchievements(demo: Demo): Promise<void> {
  const id = await one(
    demo,
    `insert into codex.achievements (workspace_id, key, name, description, points, tier, status, created_by)
     values ($1, 'first_campaign', 'First campaign', 'The first campaign is live.', 100, 'bronze', 'active', $2)
     returning id`,
    [demo.userIds.get("Sam")],
  );
  await one(
    demo,
    `insert into codex.achievements (workspace_id, key, name, points, tier, rarity, criteria, prerequisite_id, status, created_by)
     values ($1, 'ten_moves', 'Ten moves', 500, 'silver', 'uncommon',
       '{"kind": "threshold", "metric": "moves_successful", "threshold": 10}', $2, 'active', $3) returning id`,
    [id, demo.userIds.get("Sam")],
  );
  await demo.client.query("select codex.unlock_achievement($1, $2, $3, 'seed')", [
    demo.workspaceId,
    demo.userIds.get("Cleo"),
    id,
  ]);
}

async function makeMarket(demo: Demo): Promise<void> {
  const releases = browserReleases(5);
  for (const [name, url] of new Map(
    releases.map((release) => [release.browser, release.vendorUrl]),
  )) {
    await one(
      demo,
      `insert into codex.competitors (workspace_id, name, website_url, industry, created_by)
       values ($1, $2, $3, 'Browsers', $4) returning id`,
      [name, url, demo.userIds.get("Ann")],
    );
  }
  const signalIds: string[] = [];
  for (const release of releases) {
    signalIds.push(
      await one(
        demo,
        `insert into codex.intelligence_signals (workspace_id, fingerprint, source_type, category,
           data_source, source_url, title, description, confidence, half_life_hours, relevance,
           source_reliability, credibility, created_by)
         values ($1, $2, 'competitor', 'competitor_activity', $3, $4, $5, $6, 80, 720, 70, 'A', 1, $7)
         returning id`,
        [
          `release:${release.browser}:${release.version}`,
          release.browser,
          release.url,
          `${release.browser} ${release.version} was released`,
          `Released on ${release.date}, by MDN's browser-compat-data.`,
          demo.userIds.get("Ann"),
        ],
      ),
    );
  }
  await demo.client.query(
    `select codex.create_insight_from_signals($1, $2, 'Browsers release every few weeks', 'pattern',
       '{"Test against the next version before it is out."}')`,
    [demo.workspaceId, signalIds.slice(0, 3)],
  );
}

/** The owner of the campaign, and those whom the severity concerns, are told of it. */
async function makeAlerts(demo: Demo, campaignId: string): Promise<void> {
  await demo.client.query(
    `select alert_id from codex.create_system_alert($1, 'opportunity', 'high',
       'A competitor released this week', p_campaign_id => $2)`,
    [demo.workspaceId, campaignId],
  );
}

/** Runs a statement whose first parameter is the workspace, and gives the id of its one row. */
function one(demo: Demo, sql: string, params: readonly unknown[]): Promise<string> {
  return readId(demo.client, sql, [demo.workspaceId, ...params]);
}

async function readId(
  client: pg.ClientBase,
  sql: string,
  params: readonly unknown[],
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(sql, [...params]);
  const [row] = rows;
  if (row === undefined) throw new Error(`The seed's statement gave no row: ${sql}`);
  return row.id;
}
