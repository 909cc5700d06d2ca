import { canMakeDatabases, testDatabase } from "@codex/testkit";
import type { TestDatabase } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as agents from "../src/agents/queries.ts";
import { findAgentsInput } from "../src/agents/schemas.ts";
import * as assignments from "../src/assignments/queries.ts";
import type { Query } from "../src/builder.ts";
import * as alerts from "../src/alerts/queries.ts";
import * as campaigns from "../src/campaigns/queries.ts";
import * as cohorts from "../src/cohorts/queries.ts";
import { holdVersion, look } from "../src/edit.ts";
import * as deliveries from "../src/deliveries/queries.ts";
import * as events from "../src/events/queries.ts";
import * as executions from "../src/executions/queries.ts";
import { startExecutionInput } from "../src/executions/schemas.ts";
import type { Handle } from "../src/handle.ts";
import * as idempotency from "../src/idempotency.ts";
import * as messages from "../src/messages/queries.ts";
import * as notifications from "../src/notifications/queries.ts";
import * as performance from "../src/performance/queries.ts";
import * as positioning from "../src/positioning/queries.ts";
import * as preferences from "../src/preferences/queries.ts";
import * as quests from "../src/quests/queries.ts";
import * as silences from "../src/silences/queries.ts";
import * as webhooks from "../src/webhooks/queries.ts";
import * as workspaces from "../src/workspaces/queries.ts";
import {
  gamificationQueries,
  gamificationRows,
  gamificationStatements,
} from "./gamification-statements.ts";

import { marketQueries, marketRows, marketStatements } from "./market-statements.ts";

const workspacesCount = 1_000;
const pagesMax = 150;

/** A node of EXPLAIN (FORMAT JSON). */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly "Actual Rows"?: number;
  readonly "Shared Hit Blocks"?: number;
  readonly "Shared Read Blocks"?: number;
  readonly Plans?: PlanNode[];
}

interface Explained {
  readonly "QUERY PLAN": [{ Plan: PlanNode }];
}

/** Ids of rows that are there. */
interface Sample {
  readonly workspaceId: string;
  readonly userId: string;
  readonly campaign: string;
  readonly quest: string;
  readonly cohort: string;
  readonly positioning: string;
  readonly message: string;
  readonly signal: string;
  readonly insight: string;
  readonly achievement: string;
  readonly award: string;
  readonly alert: string;
  readonly silence: string;
  readonly agent: string;
  readonly assignment: string;
  readonly execution: string;
}

describe.runIf(canMakeDatabases())("plans of a database of 1,000 workspaces", () => {
  let db: TestDatabase;
  let app: pg.Client;
  let sample: Sample;
  beforeAll(async () => {
    db = await testDatabase({ own: true });
    await fill(db.admin);
    sample = await readSample(db.admin);
    app = await db.connect("codex_api");
  }, 600_000);
  afterAll(() => db?.[Symbol.asyncDispose]());

  it("touch one workspace's part of an index and few pages, for every statement there is", async () => {
    const seen = new Set<string>();
    for (const [name, query] of statements(sample)) {
      seen.add(name.replace(/ .*$/u, ""));
      const { sql, parameters } = query.compile();
      const plan = await explain(app, sample, { sql, parameters });
      expect(problems(plan), name).toEqual([]);
      const pages = (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0);
      if (sql.startsWith("select") && !/codex\.\w+\(/u.test(sql))
        // Rows of one workspace lie on pages of their own: what it gives back may cost a page each.
        expect(pages, name).toBeLessThanOrEqual(pagesMax + (plan["Actual Rows"] ?? 0));
    }
    expect([...exportedQueries()].filter((name) => !seen.has(name))).toEqual([]);
  });

  it("would show a statement that leaves its workspace out", async () => {
    const client = await db.connect();
    const bare = { sql: "select id from codex.campaigns where name = 'x'", parameters: [] };
    const foreign = {
      sql: "select id from codex.campaigns where parent_id = $1 and workspace_id > $2",
      parameters: [sample.campaign, "00000000-0000-0000-0000-000000000000"],
    };
    for (const statement of [bare, foreign]) {
      const { rows } = await client.query<Explained>(`explain (format json) ${statement.sql}`, [
        ...statement.parameters,
      ]);
      const plan = rows[0]?.["QUERY PLAN"][0].Plan;
      expect(plan === undefined ? [] : problems(plan)).not.toEqual([]);
    }
  });
});

/** What a plan does that no statement may do: read a whole table, or an index across workspaces. */
function problems(plan: PlanNode): string[] {
  return flatten(plan).flatMap((node) => {
    const { "Node Type": type, "Index Cond": condition = "", "Relation Name": relation } = node;
    // The registry of all workspaces: a hundred agents, and a page of each is a page too many.
    if (/agent_(?:registry|capabilities)/u.test(`${relation} ${node["Index Name"]}`)) return [];
    if (/Seq Scan/u.test(type)) return [`${type} on ${relation ?? ""}`];
    if (!/^(?:Index|Index Only|Bitmap Index) Scan$/u.test(type)) return [];
    // The memberships of one person: a handful, whichever of the two keys the planner begins with.
    if (node["Index Name"] === "idx_user_workspaces_user") return [];
    const isGlobal = relation === "workspaces" || relation === "user_profiles";
    const bound = isGlobal ? /\bid = /u : /workspace_id = /u;
    return bound.test(condition) ? [] : [`${type} by ${node["Index Name"] ?? ""}: ${condition}`];
  });
}

function handle({ workspaceId }: Sample): Handle {
  return { workspaceId } as Handle;
}

/** What stands in front of changes that functions make. */
function held(ws: Handle, s: Sample, version: { expectedVersion: number }): [string, Query][] {
  const rows = [
    ["agent_executions", s.execution],
    ["campaign_quests", s.quest],
    ["intelligence_signals", s.signal],
    ["market_insights", s.insight],
    ["message_architecture", s.message],
    ["positioning", s.positioning],
    ["webhook_endpoints", randomUUID()],
  ] as const;
  return rows.flatMap(([table, id]) =>
    holdVersion(ws, { table, id }, version).map((query): [string, Query] => [
      `holdVersion ${table}`,
      query,
    ]),
  );
}

/** Every statement that a client can send, in every form. */
function statements(s: Sample): [string, Query][] {
  const ws = handle(s);
  const page = { first: 20, keys: undefined, sort: "newest" } as const;
  const next = {
    first: 20,
    keys: ["2026-06-01 00:00:00.123456+00", s.campaign],
    sort: "newest",
  } as const;
  const claim = { workspaceId: s.workspaceId, key: randomUUID(), hash: Buffer.alloc(32) };
  const version = { expectedVersion: 1 };
  const draft = { id: randomUUID(), name: "Plan" };
  const link = { campaignId: s.campaign, cohortId: s.cohort };
  const place = { id: randomUUID(), positioningId: s.positioning };
  const words = { coreMessage: "x", pillars: [] };
  return [
    ["getCampaign", campaigns.getCampaign(ws, s.campaign)],
    ["insertCampaigns", campaigns.insertCampaigns(ws, [draft])],
    ["updateCampaign", campaigns.updateCampaign(ws, s.campaign, { name: "x", ...version })],
    ["holdCampaign", campaigns.holdCampaign(ws, s.campaign, "completed")],
    ["setStatus", campaigns.setStatus(ws, s.campaign, { to: "planning", ...version })],
    ["listCampaigns", campaigns.listCampaigns(ws, {}, page)],
    ["listCampaigns next", campaigns.listCampaigns(ws, {}, next)],
    ["listCampaigns oldest", campaigns.listCampaigns(ws, {}, { ...next, sort: "oldest" })],
    ["listCampaigns status", campaigns.listCampaigns(ws, { status: "draft" }, next)],
    ["listCampaigns owner", campaigns.listCampaigns(ws, { ownerId: s.userId }, page)],
    ["listCampaigns parent", campaigns.listCampaigns(ws, { parentId: s.campaign }, page)],
    ["listCampaigns roots", campaigns.listCampaigns(ws, { parentId: null }, page)],
    ["campaignTree", campaigns.campaignTree(ws, s.campaign)],
    ["rollupOf", campaigns.rollupOf(ws, s.campaign)],
    ["look", look(ws, "campaigns", s.campaign)],
    ...held(ws, s, version),
    ["createQuest", quests.createQuest(ws, { ...draft, campaignId: s.campaign })],
    ["getQuest", quests.getQuest(ws, s.quest)],
    ["updateQuest", quests.updateQuest(ws, s.quest, { name: "x", ...version })],
    ["holdTree", quests.holdTree(ws, s.quest)],
    [
      "reportProgress",
      quests.reportProgress(ws, s.quest, { current: 5, note: undefined, ...version }),
    ],
    ["lookAtQuest", quests.lookAtQuest(ws, s.quest)],
    ["questsAbove", quests.questsAbove(ws, s.quest)],
    ["moveQuest", quests.moveQuest(ws, s.quest, { parentId: null, place: "last", afterId: null })],
    ["completeQuest", quests.completeQuest(ws, s.quest, "require")],
    ["questTree", quests.questTree(ws, s.campaign, { depth: 8, status: undefined })],
    ["questTree status", quests.questTree(ws, s.campaign, { depth: 3, status: "pending" })],
    [
      "addDependency",
      quests.addDependency(ws, { campaignId: s.campaign, questId: s.quest, dependsOnId: s.quest }),
    ],
    ["dependenciesOf", quests.dependenciesOf(ws, s.quest)],
    ["createCohort", cohorts.createCohort(ws, draft)],
    ["getCohort", cohorts.getCohort(ws, s.cohort)],
    ["listCohorts", cohorts.listCohorts(ws, {}, next)],
    ["listCohorts archived", cohorts.listCohorts(ws, { archived: false }, page)],
    ["attachCohort", cohorts.attachCohort(ws, { ...link, allocation: 1, target: 1 })],
    ["holdShares", cohorts.holdShares(ws, s.campaign)],
    ["changeAttached", cohorts.changeAttached(ws, link, { allocation: 1, target: 1, ...version })],
    ["detachCohort", cohorts.detachCohort(ws, link, 1)],
    ["recordReach", cohorts.recordReach(ws, link, { reached: 1, converted: 0, ...version })],
    ["lookAtAttached", cohorts.lookAtAttached(ws, s.campaign, s.cohort)],
    ["overlapOf", cohorts.overlapOf(ws, [s.cohort, randomUUID()])],
    ["createPositioning", positioning.createPositioning(ws, { ...draft, segment: "s" })],
    [
      "updatePositioning",
      positioning.updatePositioning(ws, s.positioning, { name: "x", ...version }),
    ],
    ["retractPositioning", positioning.retractPositioning(ws, s.positioning, 1)],
    ["getPositioning", positioning.getPositioning(ws, s.positioning)],
    ["missingComponents", positioning.missingComponents(ws, s.positioning)],
    ["publishPositioning", positioning.publishPositioning(ws, s.positioning)],
    ["listPositionings", positioning.listPositionings(ws, {}, next)],
    ["listPositionings status", positioning.listPositionings(ws, { status: "draft" }, page)],
    ["listPositionings segment", positioning.listPositionings(ws, { segment: "segment 1" }, page)],
    ["historyOf", positioning.historyOf(ws, "segment 1")],
    ["holdDrafts", messages.holdDrafts(ws, s.positioning)],
    ["putMessage", messages.putMessage(ws, place, words)],
    ["putMessage version", messages.putMessage(ws, place, { ...words, ...version })],
    ["getDraft", messages.getDraft(ws, { positioningId: s.positioning })],
    ["getMessage", messages.getMessage(ws, s.message)],
    ["publishMessage", messages.publishMessage(ws, s.message)],
    ["fittingMessages", messages.fittingMessages(ws, { segment: "segment 1", channel: "email" })],
    ["triggerAlert", alerts.triggerAlert(ws, randomUUID(), { title: "A" })],
    ["getAlert", alerts.getAlert(ws, s.alert)],
    ["getTriggered", alerts.getTriggered(ws, s.alert, undefined)],
    ["getTriggered by key", alerts.getTriggered(ws, s.alert, "key 7")],
    ["changeAlert", alerts.changeAlert(ws, s.alert, { status: "acknowledged", ...version })],
    ["listAlerts", alerts.listAlerts(ws, {}, next)],
    ["listAlerts oldest", alerts.listAlerts(ws, { open: true }, { ...next, sort: "oldest" })],
    ["listAlerts status", alerts.listAlerts(ws, { status: "active", severity: "high" }, page)],
    ["listAlerts type", alerts.listAlerts(ws, { type: "error", source: "s" }, page)],
    ["listAlerts campaign", alerts.listAlerts(ws, { campaignId: s.campaign }, page)],
    ["listAlerts labels", alerts.listAlerts(ws, { labels: { team: "3" } }, page)],
    ["groupAlerts", alerts.groupAlerts(ws, ["type", "label:team"], { open: true })],
    ["alertTimeline", alerts.alertTimeline(ws, s.alert, { first: 20, after: "3" })],
    ["explainAlert", alerts.explainAlert(ws, s.alert, s.userId)],
    [
      "createSilence",
      silences.createSilence(ws, {
        id: randomUUID(),
        matchers: [{ label: "team", op: "is", value: "x" }],
        endsAt: new Date(),
        comment: "c",
      }),
    ],
    ["countCovered", silences.countCovered(ws, s.silence)],
    ["expireSilence", silences.expireSilence(ws, s.silence, 1)],
    ["lookAtSilence", silences.lookAtSilence(ws, s.silence)],
    ["listSilences", silences.listSilences(ws, {}, next)],
    ["listSilences state", silences.listSilences(ws, { state: "active" }, page)],
    ...notificationStatements(s),
    ["getAgent", agents.getAgent(s.agent)],
    ["cardOf", agents.cardOf(s.agent)],
    ["capabilitiesOf", agents.capabilitiesOf(s.agent)],
    ["listAgents", agents.listAgents({}, page)],
    ["listAgents next", agents.listAgents({ guild: "muse", status: "active" }, next)],
    ["findAgents", agents.findAgents(ws, findAgentsInput.parse({}))],
    [
      "findAgents all",
      agents.findAgents(
        ws,
        findAgentsInput.parse({
          capability: "c",
          tags: ["t"],
          q: "a",
          online: true,
          minSuccessRate: 0.5,
        }),
      ),
    ],
    ["heartbeatAgent", agents.heartbeatAgent(ws, s.agent, { instance: "w", slots: 1 })],
    ["createAssignment", assignments.createAssignment(ws, { ...draft, agentId: s.agent })],
    ["getAssignment", assignments.getAssignment(ws, s.assignment)],
    ["holdAssignment", assignments.holdAssignment(ws, s.assignment)],
    [
      "setAssignmentStatus",
      assignments.setAssignmentStatus(ws, s.assignment, { to: "paused", ...version }),
    ],
    ["listAssignments", assignments.listAssignments(ws, {}, page)],
    ["listAssignments next", assignments.listAssignments(ws, { status: "active" }, next)],
    ["listAssignments agent", assignments.listAssignments(ws, { agentId: s.agent }, page)],
    ["listAssignments campaign", assignments.listAssignments(ws, { campaignId: s.campaign }, page)],
    ["listAssignments none", assignments.listAssignments(ws, { campaignId: null }, page)],
    [
      "startExecution",
      executions.startExecution(
        ws,
        randomUUID(),
        startExecutionInput.parse({ assignmentId: s.assignment }),
      ),
    ],
    [
      "claimExecutions",
      executions.claimExecutions(ws, {
        agentId: s.agent,
        max: 1,
        leaseMs: 1_000,
        instance: undefined,
      }),
    ],
    ["heartbeatExecution", executions.heartbeatExecution(ws, { id: s.execution, token: 1 })],
    [
      "completeExecution",
      executions.completeExecution(ws, { id: s.execution, token: 1 }, { output: {}, usage: {} }),
    ],
    [
      "failExecution",
      executions.failExecution(
        ws,
        { id: s.execution, token: 1 },
        { error: "x", retryable: true, usage: {} },
      ),
    ],
    ["cancelExecution", executions.cancelExecution(ws, s.execution, undefined)],
    ["retryExecution", executions.retryExecution(ws, s.execution, randomUUID())],
    ["reapExecutions", executions.reapExecutions(ws, 100)],
    ["getExecution", executions.getExecution(ws, s.execution)],
    ["listExecutions", executions.listExecutions(ws, {}, next)],
    ["listExecutions oldest", executions.listExecutions(ws, {}, { ...page, sort: "oldest" })],
    [
      "listExecutions assignment",
      executions.listExecutions(ws, { assignmentId: s.assignment, status: "queued" }, next),
    ],
    ["listExecutions agent", executions.listExecutions(ws, { agentId: s.agent }, page)],
    [
      "performanceOf",
      performance.performanceOf(ws, {
        agentId: undefined,
        from: new Date("2026-01-01"),
        to: undefined,
        by: "day",
      }),
    ],
    [
      "performanceOf agent",
      performance.performanceOf(ws, {
        agentId: s.agent,
        from: new Date("2026-01-01"),
        to: new Date("2026-01-02"),
        by: undefined,
      }),
    ],
    ["numberEvents", events.numberEvents(ws)],
    ["prunedThrough", events.prunedThrough(ws)],
    ["createTicket", events.createTicket(ws, randomUUID(), Buffer.alloc(32))],
    ["eventsAfter", events.eventsAfter(ws, 10, { limit: 100 })],
    ["eventsAfter asOf", events.eventsAfter(ws, 10, { limit: 100, asOf: "10:10:" })],
    ["eventPosition", events.eventPosition(ws, "10:10:")],
    ["claimKey", idempotency.claimKey(claim)],
    ["storeResponse", idempotency.storeResponse(claim, [])],
    ["readResponse", idempotency.readResponse(claim)],
    ["getWorkspace", workspaces.getWorkspace(s.workspaceId)],
    [
      "createWorkspace",
      workspaces.createWorkspace({
        id: randomUUID(),
        ownerId: s.userId,
        name: "x",
        slug: "x",
        timeZone: "UTC",
      }),
    ],
    ["resolveSlug", workspaces.resolveSlug("x")],
    ["workspacesOf", workspaces.workspacesOf(s.userId)],
    ["acceptInvitation", workspaces.acceptInvitation(s.workspaceId, "x", s.userId)],
    ["revokeExpired", workspaces.revokeExpired(ws, "a@b")],
    [
      "invite",
      workspaces.invite(ws, {
        id: randomUUID(),
        email: "a@b",
        role: "viewer",
        tokenHash: Buffer.alloc(32),
      }),
    ],
    ["listInvitations", workspaces.listInvitations(ws, { first: 20, keys: ["a@b"] })],
    ["revokeInvitation", workspaces.revokeInvitation(ws, s.campaign, 1)],
    ["listMembers", workspaces.listMembers(ws, { first: 20, keys: [s.userId] })],
    ["changeRole", workspaces.changeRole(ws, s.userId, { role: "viewer", ...version })],
    ["removeMember", workspaces.removeMember(ws, s.userId, 1)],
    ["lookAtMember", workspaces.lookAtMember(ws, s.userId)],
    [
      "createApiKey",
      workspaces.createApiKey(ws, {
        id: randomUUID(),
        name: "x",
        prefix: "cdx_x",
        keyHash: Buffer.alloc(32),
        role: "viewer",
        scopes: [],
        userId: s.userId,
        agentId: undefined,
        expiresAt: undefined,
      }),
    ],
    ["listApiKeys", workspaces.listApiKeys(ws, next)],
    ["revokeApiKey", workspaces.revokeApiKey(ws, s.campaign, 1)],
    ...gamificationStatements(ws, s),
    ...marketStatements(ws, s),
  ];
}

function notificationStatements(s: Sample): [string, Query][] {
  const ws = handle(s);
  const newest = { first: 20, keys: undefined, sort: "newest" } as const;
  const at = "2026-01-01 10:00:00.123456+00";
  const next = { first: 20, keys: [at, s.campaign, "2"], sort: "newest" } as const;
  const pressing = { ...next, sort: "priority" } as const;
  const content = { type: "message", title: "x" };
  const recipients = { id: randomUUID(), userIds: [s.userId], dedupKey: undefined };
  const page = { first: 20, keys: [at, s.campaign] };
  const endpoint = { id: randomUUID(), url: "https://example.org", secret: "whsec_x" };
  const statuses = ["inbox", "unread", "archived", "snoozed"] as const;
  return [
    ["sendNotification", notifications.sendNotification(ws, recipients, content)],
    ["inboxCounts", notifications.inboxCounts(ws)],
    ...statuses.flatMap((status): [string, Query][] => [
      [`listInbox ${status}`, notifications.listInbox(ws, { status }, newest)],
      [`listInbox ${status} next`, notifications.listInbox(ws, { status, category: "x" }, next)],
    ]),
    ["listInbox pressing", notifications.listInbox(ws, { status: "unread" }, pressing)],
    ["markNotifications", notifications.markNotifications(ws, [s.campaign], "read")],
    ["markAllRead", notifications.markAllRead(ws, "10:20:10,14")],
    ["snoozeNotification", notifications.snoozeNotification(ws, s.campaign, null)],
    ["getNotification", notifications.getNotification(ws, s.campaign)],
    ["inboxArrivals", notifications.inboxArrivals(ws, 10, { window: 500 })],
    ["inboxArrivals asOf", notifications.inboxArrivals(ws, 10, { window: 500, asOf: "10:10:" })],
    ["getPreferences", preferences.getPreferences(ws)],
    ["setPreferences", preferences.setPreferences(ws, { digest: "daily", quietHours: [] })],
    [
      "previewDelivery",
      preferences.previewDelivery(ws, { category: "x", priority: "low", at: new Date() }),
    ],
    ["listDeliveries", deliveries.listDeliveries(ws, {}, page)],
    [
      "listDeliveries endpoint",
      deliveries.listDeliveries(ws, { endpointId: s.campaign, state: "dead" }, page),
    ],
    ["getDelivery", deliveries.getDelivery(ws, s.campaign)],
    ["redeliver", deliveries.redeliver(ws, s.campaign)],
    ["createWebhook", webhooks.createWebhook(ws, endpoint)],
    ["getWebhook", webhooks.getWebhook(ws, s.campaign)],
    ["listWebhooks", webhooks.listWebhooks(ws, page)],
    ["disableWebhook", webhooks.disableWebhook(ws, s.campaign)],
    ["rotateSecret", webhooks.rotateSecret(ws, s.campaign, { secret: "x", overlapHours: 1 })],
  ];
}

/** Names of all functions that build a statement. */
function exportedQueries(): Set<string> {
  const strategy = [campaigns, cohorts, messages, positioning, quests];
  const telling = [alerts, silences, notifications, preferences, deliveries, webhooks];
  const atWork = [agents, assignments, executions, performance];
  const market = [...gamificationQueries, ...marketQueries];
  const modules = [...strategy, ...market, ...telling, ...atWork, events, workspaces];
  const names = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) => (typeof value === "function" ? [name] : [])),
  );
  // Background work may call these, the application may not.
  const ofTheService = new Set(["executionForHolder", "feedAfter", "headsOf", "purge"]);
  const own = names.filter((name) => !ofTheService.has(name));
  return new Set([...own, "look", "claimKey", "storeResponse", "readResponse"]);
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

// As the application, in the member's context; a statement that would write is planned and not run.
async function explain(
  app: pg.Client,
  { workspaceId, userId }: Sample,
  { sql, parameters }: { sql: string; parameters: readonly unknown[] },
): Promise<PlanNode> {
  const runs = /^(?:select|with)/u.test(sql) && !/codex\.\w+\(\$/u.test(sql);
  const options = runs ? "analyze, buffers, timing off, format json" : "format json";
  await app.query("begin");
  try {
    await app.query("select codex.set_context($1, $2)", [workspaceId, userId]);
    const { rows } = await app.query<Explained>(`explain (${options}) ${sql}`, [...parameters]);
    const plan = rows[0]?.["QUERY PLAN"][0].Plan;
    if (plan === undefined) throw new Error(`no plan: ${sql}`);
    return plan;
  } finally {
    await app.query("rollback");
  }
}

/** Without triggers: what they would do is no matter here, and takes minutes. */
async function fill(admin: pg.Pool): Promise<void> {
  const client = await admin.connect();
  const uuid = (kind: string, n: string, w = "w"): string =>
    `md5('${kind} ' || ${w} || ' ' || ${n})::uuid`;
  const series = `generate_series(1, ${workspacesCount}) as w`;
  const at = "timestamptz '2026-01-01' + make_interval(mins => n * 7)";
  try {
    await client.query("set session_replication_role = replica");
    const indexes = await dropIndexes(client);
    for (const statement of [
      `insert into codex.workspaces (id, name) select ${uuid("workspace", "0")}, 'W' from ${series}`,
      `insert into codex.user_profiles (id, issuer, subject) select ${uuid("user", "n")}, 'i', w || ' ' || n from ${series}, generate_series(1, 5) as n`,
      `insert into codex.user_workspaces (workspace_id, user_id, role) select ${uuid("workspace", "0")}, ${uuid("user", "n")}, 'owner' from ${series}, generate_series(1, 5) as n`,
      `insert into codex.workspace_slugs (slug, workspace_id) select 'slug-' || w, ${uuid("workspace", "0")} from ${series}`,
      `insert into codex.api_keys (workspace_id, id, name, prefix, key_hash, user_id, created_at) select ${uuid("workspace", "0")}, ${uuid("key", "n")}, 'K', 'cdx_', sha256(convert_to(w || ' ' || n, 'UTF8')), ${uuid("user", "1")}, ${at} from ${series}, generate_series(1, 20) as n`,
      `insert into codex.workspace_invitations (workspace_id, id, email, role, token_hash) select ${uuid("workspace", "0")}, ${uuid("invitation", "n")}, n || '@example.org', 'viewer', sha256(convert_to(w || ' ' || n, 'UTF8')) from ${series}, generate_series(1, 20) as n`,
      `insert into codex.positioning (workspace_id, id, segment, revision, name, created_at) select ${uuid("workspace", "0")}, ${uuid("positioning", "n")}, 'segment ' || n % 10, n / 10 + 1, 'P', ${at} from ${series}, generate_series(1, 40) as n`,
      `insert into codex.message_architecture (workspace_id, id, positioning_id, name, core_message, created_at) select ${uuid("workspace", "0")}, ${uuid("message", "n")}, ${uuid("positioning", "n % 40 + 1")}, 'M', 'M', ${at} from ${series}, generate_series(1, 80) as n`,
      `insert into codex.campaigns (workspace_id, id, parent_id, name, status, owner_id, created_at) select ${uuid("workspace", "0")}, ${uuid("campaign", "n")}, case when n > 50 then ${uuid("campaign", "n / 10")} end, 'C', (array['draft', 'planning', 'cancelled'])[n % 3 + 1], ${uuid("user", "n % 5 + 1")}, ${at} from ${series}, generate_series(1, 100) as n`,
      `insert into codex.campaign_quests (workspace_id, id, campaign_id, parent_id, name, position, created_at) select ${uuid("workspace", "0")}, ${uuid("quest", "n")}, ${uuid("campaign", "n % 20 + 1")}, case when n > 20 then ${uuid("quest", "n - 20")} end, 'Q', n, ${at} from ${series}, generate_series(1, 120) as n`,
      `insert into codex.cohorts (workspace_id, id, name, created_at) select ${uuid("workspace", "0")}, ${uuid("cohort", "n")}, 'C', ${at} from ${series}, generate_series(1, 60) as n`,
      `insert into codex.campaign_cohorts (workspace_id, campaign_id, cohort_id) select ${uuid("workspace", "0")}, ${uuid("campaign", "n")}, ${uuid("cohort", "n % 60 + 1")} from ${series}, generate_series(1, 100) as n`,
      `insert into codex.quest_dependencies (workspace_id, campaign_id, quest_id, depends_on_id) select ${uuid("workspace", "0")}, ${uuid("campaign", "n % 20 + 1")}, ${uuid("quest", "n")}, ${uuid("quest", "n + 20")} from ${series}, generate_series(1, 60) as n`,
      `insert into codex.system_alerts (workspace_id, id, dedup_key, alert_type, title, status, ended_at, escalate_at, campaign_id, created_at) select ${uuid("workspace", "0")}, ${uuid("alert", "n")}, 'key ' || n, 'error', 'A', case when n > 40 then 'resolved' else 'active' end, case when n > 40 then now() end, null, ${uuid("campaign", "n")}, ${at} from ${series}, generate_series(1, 100) as n`,
      `insert into codex.alert_labels (workspace_id, alert_id, name, value) select ${uuid("workspace", "0")}, ${uuid("alert", "n")}, 'team', n % 10 from ${series}, generate_series(1, 100) as n`,
      `insert into codex.alert_silences (workspace_id, id, matchers, ends_at, comment, created_at) select ${uuid("workspace", "0")}, ${uuid("silence", "n")}, '[{"label": "team", "op": "is", "value": "x"}]', now(), 'c', ${at} from ${series}, generate_series(1, 40) as n`,
      `insert into codex.agent_registry (id, name, guild, agent_type, status) select ${uuid("agent", "n", "0")}, 'Agent ' || n, 'research', 'researcher', 'active' from generate_series(1, 100) as n`,
      `insert into codex.agent_capabilities (agent_id, name, category) select ${uuid("agent", "n", "0")}, 'c' || m, 'research' from generate_series(1, 100) as n, generate_series(1, 5) as m`,
      `insert into codex.agent_assignments (workspace_id, id, agent_id, campaign_id, created_at) select ${uuid("workspace", "0")}, ${uuid("assignment", "n")}, ${uuid("agent", "n", "0")}, ${uuid("campaign", "n")}, ${at} from ${series}, generate_series(1, 20) as n`,
      `insert into codex.agent_executions (workspace_id, id, assignment_id, status, finished_at, created_at) select ${uuid("workspace", "0")}, ${uuid("execution", "n")}, ${uuid("assignment", "n % 20 + 1")}, case when n % 10 = 0 then 'queued' else 'succeeded' end, case when n % 10 > 0 then ${at} end, ${at} from ${series}, generate_series(1, 100) as n`,
      `insert into codex.agent_instances (workspace_id, agent_id, instance) select ${uuid("workspace", "0")}, ${uuid("agent", "n", "0")}, 'w' from ${series}, generate_series(1, 20) as n`,
      `insert into codex.agent_performance (workspace_id, agent_id, hour) select ${uuid("workspace", "0")}, ${uuid("agent", "n % 20 + 1", "0")}, timestamptz '2026-01-01' + make_interval(hours => n) from ${series}, generate_series(1, 40) as n`,
      `insert into codex.outbox_events (workspace_id, number, type, entity) select ${uuid("workspace", "0")}, n, 'a.b', 'a' from ${series}, generate_series(1, 200) as n`,
      `insert into codex.event_counters (workspace_id, last_number) select ${uuid("workspace", "0")}, 200 from ${series}`,
      `insert into codex.idempotency_keys (workspace_id, key, request_hash) select ${uuid("workspace", "0")}, 'key ' || n, sha256('x') from ${series}, generate_series(1, 20) as n`,
      ...gamificationRows(workspacesCount),
      ...marketRows(workspacesCount),
      `insert into codex.user_notifications (workspace_id, user_id, id, notification_type, title, read_at, created_at) select ${uuid("workspace", "0")}, ${uuid("user", "n % 5 + 1")}, ${uuid("notification", "n")}, 'message', 'N', case when n % 3 = 0 then now() end, ${at} from ${series}, generate_series(1, 120) as n`,
      `insert into codex.announcements (workspace_id, id, number, title, created_at) select ${uuid("workspace", "0")}, ${uuid("announcement", "n")}, n, 'A', ${at} from ${series}, generate_series(1, 40) as n`,
      `insert into codex.notification_preferences (workspace_id, user_id, announcements_read) select ${uuid("workspace", "0")}, ${uuid("user", "n")}, 10 from ${series}, generate_series(1, 5) as n`,
      `insert into codex.webhook_endpoints (workspace_id, id, url, secret, created_at) select ${uuid("workspace", "0")}, ${uuid("endpoint", "n")}, 'https://example.org', 'whsec_' || repeat('A', 32), ${at} from ${series}, generate_series(1, 20) as n`,
      `insert into codex.notification_deliveries (workspace_id, channel, user_id, endpoint_id, dedup_key, created_at) select ${uuid("workspace", "0")}, 'email', ${uuid("user", "n % 5 + 1")}, ${uuid("endpoint", "n % 20 + 1")}, n, ${at} from ${series}, generate_series(1, 100) as n`,
      ...indexes,
      "analyze",
    ])
      await client.query(statement);
  } finally {
    await client.query("set session_replication_role = origin");
    client.release();
  }
}

/** Drops what no constraint needs, and gives the statements that make it again: over rows that is quicker. */
async function dropIndexes(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'codex'::regnamespace and c.relkind = 'i'
       and not exists (select from pg_constraint where conindid = i.indexrelid)`,
  );
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map(({ definition }) => definition);
}

async function readSample(admin: pg.Pool): Promise<Sample> {
  const id = (kind: string, n: number): string => `md5('${kind} 500 ${n}')::uuid::text`;
  const { rows } = await admin.query<Sample>(
    `select ${id("workspace", 0)} as "workspaceId", ${id("user", 1)} as "userId",
       ${id("campaign", 3)} as campaign, ${id("quest", 30)} as quest, ${id("cohort", 4)} as cohort,
       ${id("positioning", 5)} as positioning, ${id("message", 6)} as message,
       ${id("signal", 5)} as signal, ${id("insight", 6)} as insight,
       ${id("achievement", 7)} as achievement, md5('award 500 1 7')::uuid::text as award,
       ${id("alert", 7)} as alert, ${id("silence", 8)} as silence,
       md5('agent 0 7')::uuid::text as agent, ${id("assignment", 7)} as assignment,
       ${id("execution", 8)} as execution`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error("no sample");
  return row;
}
