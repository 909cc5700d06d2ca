import { agents, capabilities } from "./routers/agents.ts";
import { assignments } from "./routers/assignments.ts";
import { campaigns } from "./routers/campaigns.ts";
import { cohorts } from "./routers/cohorts.ts";
import { events } from "./routers/events.ts";
import { executions } from "./routers/executions.ts";
import { messages } from "./routers/messages.ts";
import { people } from "./routers/people.ts";
import { performance } from "./routers/performance.ts";
import { positioning } from "./routers/positioning.ts";
import { quests } from "./routers/quests.ts";
import { workspaces } from "./routers/workspaces.ts";
import { t } from "./trpc.ts";

/** All procedures, by the names of the SDK's clients and their methods. */
export const appRouter = t.router({
  people,
  workspaces,
  positioning,
  messages,
  campaigns,
  quests,
  cohorts,
  agents,
  capabilities,
  assignments,
  executions,
  performance,
  events,
});

export type AppRouter = typeof appRouter;
