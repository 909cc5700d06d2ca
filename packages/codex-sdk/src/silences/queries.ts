import { sql } from "kysely";
import { build, statement, template } from "../builder.ts";
import { atVersion } from "../edit.ts";
import type { Query } from "../builder.ts";
import type { Found } from "../edit.ts";
import type { Handle } from "../handle.ts";
import { beyond, byAge } from "../page.ts";
import type { PageByAge } from "../page.ts";
import type { Matcher, Silence, SilenceState } from "./silences.ts";

const columns = [
  "id",
  "starts_at as startsAt",
  "ends_at as endsAt",
  "comment",
  "created_by as createdBy",
  "version",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;
const matchers = sql<readonly Matcher[]>`matchers`.as("matchers");
// By the clock of the database, which also decides whether it covers an alert.
const state = sql<SilenceState>`case
  when ends_at <= now() then 'expired' when starts_at > now() then 'pending' else 'active'
  end`;

export function createSilence(
  ws: Handle,
  silence: {
    id: string;
    matchers: readonly Matcher[];
    startsAt?: Date | undefined;
    endsAt: Date;
    comment: string;
  },
): Query<Silence> {
  return build
    .insertInto("alert_silences")
    .values({
      workspace_id: ws.workspaceId,
      id: silence.id,
      matchers: JSON.stringify(silence.matchers),
      starts_at: silence.startsAt ?? sql<Date>`now()`,
      ends_at: silence.endsAt,
      comment: silence.comment,
    })
    .returning(columns)
    .returning([matchers, state.as("state")]);
}

/** How many open alerts a silence covers. */
export function countCovered(ws: Handle, id: string): Query<{ matchesNow: string }> {
  const { workspaceId } = ws;
  return statement(sql<{ matchesNow: string }>`
    select count(*) as "matchesNow"
    from codex.alert_silences s
    join codex.system_alerts a
      on a.workspace_id = ${workspaceId} and a.status in ('active', 'acknowledged')
    where s.workspace_id = ${workspaceId} and s.id = ${id} and s.starts_at <= now()
      and codex.matches_labels(s.matchers, codex.labels_of_alert(a.workspace_id, a.id))`);
}

/** Ends it now, unless it has ended. */
export function expireSilence(
  ws: Handle,
  id: string,
  expectedVersion: number | undefined,
): Query<Silence> {
  return build
    .updateTable("alert_silences")
    .set({
      starts_at: sql<Date>`least(starts_at, now())`,
      ends_at: sql<Date>`least(ends_at, now())`,
    })
    .where("workspace_id", "=", ws.workspaceId)
    .where("id", "=", id)
    .$call(atVersion(expectedVersion))
    .returning(columns)
    .returning([matchers, state.as("state")]);
}

const versionOf = template((key: { workspaceId: string; id: string }) =>
  build
    .selectFrom("alert_silences")
    .select("version")
    .where("workspace_id", "=", key.workspaceId)
    .where("id", "=", key.id),
);

export function lookAtSilence(ws: Handle, id: string): Query<Found> {
  return versionOf({ workspaceId: ws.workspaceId, id });
}

export function listSilences(
  ws: Handle,
  filter: { state?: SilenceState | undefined },
  { first, keys, sort }: PageByAge,
): Query<Silence & { cursorAt: string }> {
  return build
    .selectFrom("alert_silences")
    .select(columns)
    .select([matchers, state.as("state"), sql<string>`created_at::text`.as("cursorAt")])
    .where("workspace_id", "=", ws.workspaceId)
    .$if(filter.state !== undefined, (query) =>
      query.where(sql<boolean>`${state} = ${filter.state}`),
    )
    .$if(keys !== undefined, (query) => query.where(beyond(byAge[sort], keys ?? [])))
    .orderBy("created_at", byAge[sort].direction)
    .orderBy("id", byAge[sort].direction)
    .limit(first + 1);
}
