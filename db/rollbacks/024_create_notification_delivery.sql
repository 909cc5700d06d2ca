-- Removes preferences, announcements, webhooks and the queue of deliveries; notifications are sent as
-- they were before. Refuses while one of these tables has a row.
do $$
declare
  v_table text;
  v_found boolean;
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') = 'on' then
    return;
  end if;
  foreach v_table in array array['notification_preferences', 'announcements', 'webhook_endpoints',
    'notification_deliveries']
  loop
    execute format('select exists (select from codex.%I)', v_table) into v_found;
    if v_found then
      raise exception 'this rollback would destroy rows of %', v_table
        using errcode = 'KX009',
          hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
    end if;
  end loop;
end
$$;

-- SECURITY DEFINER: nobody may write into another person's inbox directly.
create or replace function codex.send_user_notification(
  p_workspace_id uuid,
  p_user_ids uuid[],
  p_notification_type text,
  p_title text,
  p_body text default '',
  p_channel text default 'in_app',
  p_priority text default 'normal',
  p_action_url text default null,
  p_alert_id uuid default null,
  p_achievement_id uuid default null,
  p_campaign_id uuid default null,
  p_expires_at timestamptz default null,
  out accepted integer,
  out skipped uuid[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_ids uuid[] := array(select distinct id from unnest(p_user_ids) as id where id is not null);
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  if cardinality(v_user_ids) = 0 then
    raise exception 'a notification needs at least one recipient' using errcode = 'KX011';
  elsif cardinality(v_user_ids) > 10000 then
    raise exception 'a notification goes to at most 10000 people, not %', cardinality(v_user_ids)
      using errcode = 'KX006';
  end if;
  with sent as (
    insert into codex.user_notifications (workspace_id, user_id, notification_type, title, body,
      channel, priority, action_url, alert_id, achievement_id, campaign_id, expires_at)
    select p_workspace_id, m.user_id, p_notification_type, p_title, coalesce(p_body, ''), p_channel,
      p_priority, p_action_url, p_alert_id, p_achievement_id, p_campaign_id, p_expires_at
    from codex.user_workspaces m
    where m.workspace_id = p_workspace_id and m.user_id = any (v_user_ids) and m.removed_at is null
    returning user_id
  )
  select count(*), array(select id from unnest(v_user_ids) as id except select user_id from sent)
  into accepted, skipped
  from sent;
end
$$;
comment on function codex.send_user_notification(uuid, uuid[], text, text, text, text, text, text, uuid, uuid, uuid, timestamptz) is
  'Puts a notification into the inbox of each active member named, in one statement; gives how many, and who was skipped as no active member. KX011 without recipients, KX006 beyond 10,000, KX010 below creator.';

-- Told by the system, whoever's act it was: a viewer's own achievement notifies them too.
create or replace function codex.notify_members(
  p_workspace_id uuid, p_user_ids uuid[], p_content jsonb,
  out accepted integer, out skipped uuid[]
)
language plpgsql volatile set search_path = '' as $$
declare
  v_rank text := current_setting('codex.member_rank', true);
begin
  execute 'set local codex.member_rank = ''5''';
  select s.accepted, s.skipped into accepted, skipped
  from codex.send_user_notification(p_workspace_id, p_user_ids, p_content ->> 'type',
    p_content ->> 'title', coalesce(p_content ->> 'body', ''),
    p_priority => coalesce(p_content ->> 'priority', 'normal'),
    p_action_url => p_content ->> 'actionUrl',
    p_alert_id => (p_content ->> 'alertId')::uuid,
    p_achievement_id => (p_content ->> 'achievementId')::uuid,
    p_campaign_id => (p_content ->> 'campaignId')::uuid,
    p_expires_at => (p_content ->> 'expiresAt')::timestamptz) s;
  execute format('set local codex.member_rank = %L', coalesce(v_rank, ''));
end
$$;

create or replace function codex.explain_preferences(
  p_workspace_id uuid, p_user_id uuid, p_alert_id uuid, out decision text, out reason text
)
language sql stable set search_path = '' as $$
  select 'pass', 'no preference keeps it back'
$$;

drop function if exists codex.prune_notifications(uuid, timestamptz, integer);
drop function if exists codex.old_notifications(uuid, timestamptz);
drop function if exists codex.is_over(codex.notification_deliveries);
drop function if exists codex.workspaces_with_work(text, uuid, integer);
drop function if exists codex.redeliver(uuid, uuid);
drop function if exists codex.fail_delivery(uuid, uuid, bigint, text, boolean, bigint);
drop function if exists codex.retry_delay(integer);
drop function if exists codex.complete_delivery(uuid, uuid, bigint);
drop function if exists codex.claim_deliveries(uuid, text, integer, integer);
drop function if exists codex.end_lost_deliveries(uuid, integer);
drop function if exists codex.why_not_sent(codex.notification_deliveries);
drop function if exists codex.release_held_deliveries(uuid, integer);
drop function if exists codex.queue_webhook_deliveries(uuid, integer);
drop function if exists codex.snooze_notification(uuid, uuid, timestamptz);
drop function if exists codex.mark_all_read(uuid, text);
drop function if exists codex.was_there(xid8, pg_snapshot);
drop function if exists codex.mark_notifications(uuid, uuid[], text);
drop function if exists codex.move_read_mark(uuid, bigint, boolean);
drop function if exists codex.inbox_counts(uuid);
drop function if exists codex.joined_at(uuid);
drop function if exists codex.send_notification(uuid, uuid, uuid[], jsonb, text);
drop function if exists codex.announce(uuid, uuid, jsonb, text);
drop function if exists codex.fan_out_notification(uuid, uuid, uuid[], jsonb, text);
drop function if exists codex.disable_webhook_endpoint(uuid, uuid, text);
drop function if exists codex.rotate_webhook_secret(uuid, uuid, text, interval);
drop function if exists codex.is_public_url(text);
drop function if exists codex.preview_delivery(uuid, text, text, timestamptz);
drop function if exists codex.plan_for(uuid, uuid, text, text, timestamptz);
drop function if exists codex.plan_delivery(jsonb, jsonb, text, text, text, text, timestamptz);
drop function if exists codex.quiet_until(jsonb, text, timestamptz);
drop function if exists codex.require_sender(text);
drop table if exists codex.notification_deliveries;
drop table if exists codex.webhook_endpoints;
drop table if exists codex.announcements;
drop table if exists codex.notification_preferences;
drop function if exists codex.tg_webhook_endpoints__check();
drop function if exists codex.tg_notification_preferences__check();
drop function if exists codex.is_channel_choice(jsonb);
drop function if exists codex.is_quiet_hours(jsonb);
drop function if exists codex.quiet_end(jsonb, timestamp);
drop function if exists codex.minute_of_day(text);

drop index if exists codex.idx_user_notifications_created;
drop index if exists codex.uniq_user_notifications_dedup_key;
alter table codex.user_notifications drop column if exists xid;
alter table codex.user_notifications drop column if exists dedup_key;
alter table codex.user_notifications drop column if exists category;
comment on column codex.user_notifications.id is 'Key, UUIDv7 made by the SDK.';

-- STABLE, and plpgsql so that it is not folded at plan time: an immutable one would raise while the
-- policy is being planned, a volatile one would keep the caller from being inlined into an index scan.
create or replace function codex.raise_missing_context() returns uuid
language plpgsql stable set search_path = '' as $$
begin
  raise exception 'no workspace context in this transaction'
    using errcode = 'KX001',
      hint = 'Call codex.set_context(workspace_id, user_id) first, in the same transaction.';
end
$$;
comment on function codex.raise_missing_context() is
  'Raises KX001. Typed uuid so that it can stand in coalesce().';

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 23, 19 $$;
