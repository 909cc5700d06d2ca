import { achievements } from "./routers/achievements.ts";
import { activity } from "./routers/activity.ts";
import { alerts } from "./routers/alerts.ts";
import { agents, capabilities } from "./routers/agents.ts";
import { assignments } from "./routers/assignments.ts";
import { campaigns } from "./routers/campaigns.ts";
import { cohorts } from "./routers/cohorts.ts";
import { deliveries } from "./routers/deliveries.ts";
import { events } from "./routers/events.ts";
import { insights } from "./routers/insights.ts";
import { leaderboards } from "./routers/leaderboards.ts";
import { executions } from "./routers/executions.ts";
import { messages } from "./routers/messages.ts";
import { notifications } from "./routers/notifications.ts";
import { people } from "./routers/people.ts";
import { points } from "./routers/points.ts";
import { performance } from "./routers/performance.ts";
import { positioning } from "./routers/positioning.ts";
import { preferences } from "./routers/preferences.ts";
import { quests } from "./routers/quests.ts";
import { signals } from "./routers/signals.ts";
import { stats } from "./routers/stats.ts";
import { silences } from "./routers/silences.ts";
import { webhooks } from "./routers/webhooks.ts";
import { workspacesOf } from "./routers/workspaces.ts";
import { scopesOf } from "./scopes.ts";
import { t } from "./trpc.ts";

/** All procedures, by the names of the SDK's clients and their methods. */
export const appRouter = t.router({
  people,
  workspaces: workspacesOf(() => scopes),
  positioning,
  messages,
  campaigns,
  quests,
  cohorts,
  signals,
  insights,
  achievements,
  points,
  activity,
  stats,
  leaderboards,
  alerts,
  silences,
  notifications,
  preferences,
  deliveries,
  webhooks,
  agents,
  capabilities,
  assignments,
  executions,
  performance,
  events,
});

/** What keys may be made for. */
const scopes: ReadonlySet<string> = scopesOf(appRouter);

export type AppRouter = typeof appRouter;
