import { sql } from "kysely";
import { build, statement } from "../builder.ts";
import type { Query } from "../builder.ts";
import type { Handle } from "../handle.ts";
import type { DeliveryPreview, Preferences } from "./preferences.ts";

/** What the person has set, over what holds for whoever has set nothing. */
export function getPreferences(ws: Handle): Query<Preferences> {
  return statement(sql<Preferences>`
    select coalesce(p.time_zone, u.time_zone) as "timeZone",
      p.time_zone is not null as "hasOwnTimeZone",
      coalesce(p.quiet_hours, '[]') as "quietHours",
      jsonb_build_object('default', jsonb_build_array('in_app')) || coalesce(p.channels, '{}')
        as "channels",
      coalesce(p.digest, 'off') as "digest"
    from codex.user_profiles u
    left join codex.notification_preferences p
      on p.workspace_id = ${ws.workspaceId} and p.user_id = u.id
    where u.id = (select codex.current_user_id())`);
}

export function setPreferences(
  ws: Handle,
  change: {
    timeZone?: string | null | undefined;
    quietHours?: Preferences["quietHours"] | undefined;
    channels?: Preferences["channels"] | undefined;
    digest?: Preferences["digest"] | undefined;
  },
): Query {
  const { timeZone, quietHours, channels, digest } = change;
  const values = {
    ...(timeZone === undefined ? {} : { time_zone: timeZone }),
    ...(quietHours === undefined ? {} : { quiet_hours: JSON.stringify(quietHours) }),
    ...(channels === undefined ? {} : { channels: JSON.stringify(channels) }),
    ...(digest === undefined ? {} : { digest }),
  };
  return build
    .insertInto("notification_preferences")
    .values({
      workspace_id: ws.workspaceId,
      user_id: sql<string>`codex.current_user_id()`,
      ...values,
    })
    .onConflict((conflict) => {
      const known = conflict.columns(["workspace_id", "user_id"]);
      return Object.keys(values).length === 0 ? known.doNothing() : known.doUpdateSet(values);
    });
}

export function previewDelivery(
  ws: Handle,
  { category, priority, at }: { category: string; priority: string; at: Date },
): Query<DeliveryPreview> {
  return statement(sql<DeliveryPreview>`
    select deliver_at as "deliverAt", channels
    from codex.preview_delivery(${ws.workspaceId}::uuid, ${category}, ${priority},
      ${at}::timestamptz)`);
}
