import type { Workspace } from "@codex/sdk";
import { countScores } from "@codex/testkit";
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { newAgent } from "./world.ts";
import type { World } from "./world.ts";

/** How many members a workspace has that is filled. */
export const members = 3_000;

/** A call about one thing, whichever of the many that there are; `n` is another one each time. */
export type Call = (n: number) => Promise<unknown>;

/** What apps and workers call every day, in a workspace that is filled. `member` is somebody of it. */
export async function hotCalls(
  world: World,
  ws: Workspace,
  member: Workspace,
): Promise<Record<string, Call>> {
  const { id, key } = await ws.achievements.define({
    key: `key_${randomUUID().replaceAll("-", "_")}`,
    name: "A",
    points: 10,
  });
  await ws.achievements.activate(id);
  await ws.activity.setRule({ metric: "posts", pointsEach: 1 });
  return {
    "achievements.unlock": (n) => ws.achievements.unlock(memberId(n), key),
    "achievements.unlock again": () => ws.achievements.unlock(memberId(1), key),
    "activity.record": (n) => ws.activity.record({ userId: memberId(n), metric: "posts" }),
    "points.adjust": (n) => ws.points.adjust(memberId(n), 5, { reason: "r" }),
    "stats.get": (n) => ws.stats.get(memberId(n)),
    "leaderboards.rankOf": (n) => ws.leaderboards.rankOf(memberId(n)),
    "leaderboards.top": async () => (await ws.leaderboards.top({ first: 100 })).items,
    "leaderboards.around": (n) => ws.leaderboards.around(memberId(n), { radius: 5 }),
    ...inboxCalls(ws, member),
    ...(await workCalls(world, ws)),
  };
}

async function workCalls(world: World, ws: Workspace): Promise<Record<string, Call>> {
  const alert = { type: "error", severity: "high", title: "A" } as const;
  const agent = await newAgent(world.codex);
  const assignment = await ws.assignments.assign({ agentId: agent, maxConcurrency: 100 });
  const campaign = await ws.campaigns.create({ name: "C" });
  const whole = await ws.quests.create(campaign.id, { name: "W" });
  const part = await ws.quests.create(campaign.id, { name: "P", parentId: whole.id });
  return {
    "alerts.trigger": (n) => ws.alerts.trigger({ ...alert, dedupKey: `new ${n}` }),
    "alerts.trigger again": () => ws.alerts.trigger({ ...alert, dedupKey: "same" }),
    "executions.start": () => ws.executions.start({ assignmentId: assignment.id }),
    "executions.claim and complete": async () => {
      const [claimed] = await ws.executions.claim({ agentId: agent });
      if (claimed === undefined) throw new Error("nothing to claim");
      await ws.executions.complete(claimed.execution.id, claimed.fencingToken);
    },
    "quests.report": (n) => ws.quests.report(part.id, { current: n % 100 }),
    "quests.create": () => ws.quests.create(campaign.id, { name: "Q" }),
    "signals.ingest": (n) =>
      ws.signals.ingest({ kind: "market", title: `Signal ${n}`, body: randomUUID() }),
  };
}

function inboxCalls(ws: Workspace, member: Workspace): Record<string, Call> {
  const { inbox } = ws.notifications;
  return {
    "notifications.send": (n) =>
      ws.notifications.send({ to: [memberId(n)], type: "message", title: "N" }),
    // In a workspace that says it has 20,000: an announcement.
    "notifications.send to everyone": async () => {
      const { announced } = await ws.notifications.send({
        to: "everyone",
        type: "message",
        title: "N",
      });
      expect(announced).toBe(true);
    },
    // Each member has notifications, and there are announcements by now.
    "inbox.list": () => inbox.list({ first: 20 }).then(({ items }) => items),
    "inbox.counts": () => inbox.counts(),
    "inbox.list unread": async () => (await inbox.list({ filter: { status: "unread" } })).items,
    "inbox.mark": (n) =>
      member.notifications.inbox.mark([notificationId(1)], n % 2 === 0 ? "read" : "unread"),
    "inbox.snooze": async (n) =>
      inbox.snooze(notificationId(100 + n), { until: new Date(Date.now() + 1_000_000) }),
    "inbox.markAllRead": async () => inbox.markAllRead({ upTo: (await inbox.counts()).asOf }),
    "preferences.get": () => ws.preferences.get(),
    "preferences.preview": () => ws.preferences.preview({ category: "general", at: new Date() }),
    "stats.setVisibility": () => ws.stats.setVisibility({ visibility: "members" }),
  };
}

function notificationId(n: number): string {
  return `0000000c-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

export function memberId(n: number): string {
  return `00000009-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
}

/** Without triggers: members, their figures, and what lies about in a workspace that has been at work. */
export async function fill({ db, acme, vic, ada }: World): Promise<void> {
  const client = await db.connect();
  const member = "('00000009-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid";
  const notification = member.replace("00000009", "0000000c");
  const all = `generate_series(1, ${members}) as n`;
  await client.query("set session_replication_role = replica");
  for (const statement of [
    `insert into codex.user_profiles (id, issuer, subject) select ${member}, 'rows', n::text from ${all}`,
    `insert into codex.user_workspaces (workspace_id, user_id, role) select '${acme}', ${member}, 'viewer' from ${all}`,
    `update codex.member_counts set members = 20000 where workspace_id = '${acme}'`,
    `insert into codex.user_stats (workspace_id, user_id) select '${acme}', ${member} from ${all}`,
    `insert into codex.notification_preferences (workspace_id, user_id) select '${acme}', ${member} from ${all}`,
    `insert into codex.leaderboard_scores (workspace_id, board, user_id, score, reached_at)
       select '${acme}', 'all', ${member}, n, now() from ${all}`,
    `insert into codex.user_notifications (workspace_id, user_id, id, notification_type, title, read_at, created_at)
       select '${acme}', p, ${notification}, 'message', 'N', now(), now() - make_interval(mins => n) from ${all},
         unnest(array['${ada.userId}', '${vic.userId}']::uuid[]) as p`,
    `insert into codex.user_notifications (workspace_id, user_id, id, notification_type, title)
       select '${acme}', ${member}, ${notification}, 'message', 'N' from ${all}`,
    `insert into codex.system_alerts (workspace_id, id, dedup_key, alert_type, title, status)
       select '${acme}', gen_random_uuid(), 'key ' || n, 'error', 'A', 'active' from ${all}`,
    `insert into codex.outbox_events (workspace_id, number, type, entity)
       select '${acme}', 1000000 + n, 'a.b', 'a' from ${all}`,
  ])
    await client.query(statement);
  await countScores(client, acme);
  await client.query("analyze");
  await client.end();
}
