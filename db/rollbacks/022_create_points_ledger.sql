-- Removes the ledger of points and what follows from it. Refuses while a row of it is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.points_ledger)
      or exists (select from codex.activity_rules)
      or exists (select from codex.award_revocations)
      or exists (
        select from codex.achievements
        where not codex.is_stat_counter(coalesce(criteria ->> 'metric', 'login_count'))
      ))
  then
    raise exception 'this rollback would destroy rows of points_ledger, activity_rules, award_revocations'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop trigger if exists _945_record_completion on codex.campaigns;
drop trigger if exists _945_record_completion on codex.campaign_quests;
drop trigger if exists _940_show_on_boards on codex.user_workspaces;
drop trigger if exists _940_show_on_boards on codex.user_stats;

-- { "kind": "manual" }, or { "kind": "threshold", "metric": <counter of user_stats>, "threshold": n }.
create or replace function codex.is_criteria(p_criteria jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select coalesce(case p_criteria ->> 'kind'
    when 'manual' then true
    when 'threshold' then
      p_criteria ->> 'metric' in (
        'campaigns_created', 'campaigns_completed', 'quests_completed', 'content_created',
        'content_published', 'moves_created', 'moves_executed', 'moves_successful',
        'collaborations_count', 'login_count', 'achievements_unlocked', 'lifetime_points',
        'streak_longest')
      and jsonb_typeof(p_criteria -> 'threshold') = 'number'
      and (p_criteria ->> 'threshold')::numeric >= 1
  end, false)
$$;
comment on function codex.is_criteria(jsonb) is
  'Whether the value says when an achievement is earned: by hand, or at a threshold of a counter of user_stats.';

-- SECURITY DEFINER: nobody may write awards and points directly.
create or replace function codex.unlock_achievement(
  p_workspace_id uuid,
  p_user_id uuid,
  p_achievement_id uuid,
  p_event_type text default 'manual',
  p_evidence jsonb default '{}'
)
returns table (success boolean, message text, points_awarded integer)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_achievement codex.achievements;
  v_metric text;
  v_refusal text;
begin
  perform codex.require_workspace(p_workspace_id);
  select * into v_achievement
  from codex.achievements
  where workspace_id = p_workspace_id and id = p_achievement_id;
  if v_achievement.id is null or not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such achievement, or no such member' using errcode = 'KX008';
  end if;
  v_metric := v_achievement.criteria ->> 'metric';
  -- One's own award needs a threshold that was reached; another's needs a strategist or the service.
  if v_metric is null and codex.acting_user_id() = p_user_id then
    raise exception 'an award by hand is given by somebody else' using errcode = 'KX010';
  elsif codex.acting_user_id() is distinct from p_user_id then
    perform codex.require_role('strategist');
  end if;
  v_refusal := case
    when v_achievement.status <> 'active' then 'Achievement is not active'
    when v_achievement.prerequisite_id is not null and not exists (
      select from codex.user_achievements
      where workspace_id = p_workspace_id and user_id = p_user_id
        and achievement_id = v_achievement.prerequisite_id
    ) then 'Prerequisite is not held'
    when v_metric is not null and coalesce((
      select (to_jsonb(s) ->> v_metric)::numeric
      from codex.user_stats s
      where workspace_id = p_workspace_id and user_id = p_user_id
    ), 0) < (v_achievement.criteria ->> 'threshold')::numeric then 'Criteria are not met'
  end;
  if v_refusal is not null then
    return query select false, v_refusal, 0;
    return;
  end if;
  insert into codex.user_achievements as a
    (workspace_id, user_id, achievement_id, period_key, event_type, evidence, points_awarded)
  select p_workspace_id, p_user_id, p_achievement_id,
    codex.period_key(v_achievement.repeat_period, now(), p.time_zone),
    p_event_type, p_evidence, v_achievement.points
  from codex.user_profiles p
  where p.id = p_user_id
  on conflict do nothing;
  if not found then
    return query select false, 'Achievement already unlocked', 0;
    return;
  end if;
  insert into codex.user_stats as s
    (workspace_id, user_id, points_balance, lifetime_points, achievements_unlocked)
  values (p_workspace_id, p_user_id, v_achievement.points, v_achievement.points, 1)
  on conflict (workspace_id, user_id) do update set
    points_balance = s.points_balance + excluded.points_balance,
    lifetime_points = s.lifetime_points + excluded.lifetime_points,
    achievements_unlocked = s.achievements_unlocked + 1;
  return query select true, 'Achievement unlocked successfully', v_achievement.points;
end
$$;
comment on function codex.unlock_achievement(uuid, uuid, uuid, text, jsonb) is
  'Awards an achievement to a member exactly once per period, with its points. Gives success, why not, and the points. A member may claim what a threshold earned them; a strategist or the service awards others. KX008 unknown achievement or member, KX010 not allowed.';

-- SECURITY DEFINER: nobody may write the two tables directly; here one's own rows, and this column.
create or replace function codex.set_visibility(
  p_workspace_id uuid, p_visibility text, p_achievement_id uuid default null
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  if p_achievement_id is null then
    insert into codex.user_stats (workspace_id, user_id, visibility)
    values (p_workspace_id, codex.current_user_id(), p_visibility)
    on conflict (workspace_id, user_id) do update set visibility = excluded.visibility;
    return;
  end if;
  update codex.user_achievements
  set visibility = p_visibility
  where workspace_id = p_workspace_id and user_id = codex.current_user_id()
    and achievement_id = p_achievement_id;
  if not found then
    raise exception 'no such award' using errcode = 'KX008';
  end if;
end
$$;

drop table if exists codex.award_revocations;
drop table if exists codex.leaderboard_buckets;
drop table if exists codex.leaderboard_scores;
drop table if exists codex.activity_days;
drop table if exists codex.user_metrics;
drop table if exists codex.points_ledger;
drop table if exists codex.activity_rules;
revoke delete on codex.user_achievements from codex_definer;
drop index if exists codex.uniq_user_achievements_id;
alter table codex.user_achievements drop column if exists id;

drop function if exists codex.reconcile_points(uuid);
drop function if exists codex.achievement_completions(uuid, uuid[]);
drop function if exists codex.points_history(uuid, uuid, integer, timestamptz, uuid);
drop function if exists codex.member_stats(uuid, uuid);
drop function if exists codex.tg_campaigns__record_completion();
drop function if exists codex.tg_campaign_quests__record_completion();
drop function if exists codex.note_completion(uuid, uuid[], uuid[], text, text);
drop function if exists codex.note_agent_activity(uuid, uuid, text, text);
drop function if exists codex.adjust_points(uuid, uuid, bigint, text, text);
drop function if exists codex.record_activity(uuid, uuid, text, bigint, timestamptz, text);
drop function if exists codex.figures_of(uuid, uuid);
drop function if exists codex.note_activity(uuid, uuid, text, bigint, timestamptz, text);
drop function if exists codex.activity_points(uuid, uuid, text, bigint, date);
drop function if exists codex.backfill_achievement(uuid, uuid, integer);
drop function if exists codex.revoke_award(uuid, uuid, text, boolean);
drop function if exists codex.award_reached(uuid, uuid, text, boolean);
drop function if exists codex.award_achievement(uuid, uuid, uuid, text, jsonb, boolean);
drop function if exists codex.notify_award(uuid, uuid, uuid, text);
drop function if exists codex.notify_members(uuid, uuid[], jsonb);
drop function if exists codex.may_earn(uuid, uuid, uuid, uuid, text);
drop function if exists codex.member_figures(uuid, uuid);
drop function if exists codex.tg_points_ledger__apply();
drop function if exists codex.tg_points_ledger__stamp();
drop function if exists codex.count_metric(uuid, uuid, text, bigint);
drop function if exists codex.mark_active_day(uuid, uuid, timestamptz, text);
drop function if exists codex.fold_streak(uuid, uuid);
drop function if exists codex.streak_deadline(date, text);
drop function if exists codex.next_local_day(date, text);
drop function if exists codex.tg__show_on_boards();
drop function if exists codex.tg_leaderboard_scores__count();
drop function if exists codex.members_above(uuid, text, bigint);
drop function if exists codex.board_key(uuid, text, timestamptz);
drop function if exists codex.board_keys(date);
drop function if exists codex.lock_member(uuid, uuid);
drop function if exists codex.member_slot(uuid);
drop function if exists codex.is_recordable_metric(text);
drop function if exists codex.is_stat_counter(text);

-- Arguments: the column; the states a row may start in; then one 'from > to, to' per state that has
-- a way out. docs/state-machines.md is generated from these arguments.
create or replace function codex.tg__check_transition() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_to text := to_jsonb(new) ->> tg_argv[0];
  v_from text;
  v_allowed text := tg_argv[1];
begin
  if tg_op = 'UPDATE' then
    v_from := to_jsonb(old) ->> tg_argv[0];
    if v_from is not distinct from v_to then
      return new;
    end if;
    select split_part(edge, ' > ', 2) into v_allowed
    from unnest(tg_argv[2:]) as edge
    where split_part(edge, ' > ', 1) = v_from;
  end if;
  if v_to = any (string_to_array(coalesce(v_allowed, ''), ', ')) then
    return new;
  end if;
  raise exception using
    errcode = 'KX002',
    message = format('%s.%s cannot go from %s to %s',
      tg_table_name, tg_argv[0], coalesce(v_from, '(new)'), coalesce(v_to, '(null)')),
    detail = format('allowed: %s', coalesce(nullif(v_allowed, ''), 'none, the state is terminal')),
    schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;

-- Arguments: the entity's name; the key columns beside workspace_id, comma separated; the quiet
-- columns (progress, counters, leases), whose change alone leaves no event.
-- SECURITY DEFINER: nobody may write the outbox directly. Per row, because Citus cannot insert from
-- a transition table inside a trigger.
create or replace function codex.tg__record_event() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := to_jsonb(old);
  v_row jsonb := coalesce(v_new, v_old);
  v_keys text[] := string_to_array(tg_argv[1], ',');
  v_payload jsonb;
  v_changed text[];
  v_verb text := 'created';
begin
  select jsonb_object_agg(key, v_row -> key) into v_payload from unnest(v_keys) as key;
  if tg_op = 'DELETE' then
    if not exists (select from codex.workspaces where id = old.workspace_id) then
      return null;
    end if;
    v_verb := 'deleted';
  elsif tg_op = 'UPDATE' then
    select array_agg(n.key order by n.key) into v_changed
    from jsonb_each(v_new) n
    where n.value is distinct from v_old -> n.key
      and n.key <> all (string_to_array(tg_argv[2], ',') || array['updated_at', 'version']);
    if v_changed is null then
      return null;
    end if;
    v_verb := case when 'status' = any (v_changed) then 'status_changed' else 'updated' end;
    v_payload := v_payload || jsonb_build_object('changed', v_changed);
    if v_verb = 'status_changed' then
      v_payload := v_payload || jsonb_build_object('previousStatus', v_old -> 'status');
    end if;
  end if;
  if v_row ? 'status' then
    v_payload := v_payload || jsonb_build_object('status', v_row -> 'status');
  end if;
  if v_row ? 'version' then
    v_payload := v_payload || jsonb_build_object('version', v_row -> 'version');
  end if;
  insert into codex.outbox_events (workspace_id, type, entity, entity_id, payload)
  values (
    coalesce(v_row ->> 'workspace_id', v_row ->> 'id')::uuid,
    tg_argv[0] || '.' || v_verb,
    tg_argv[0],
    case when cardinality(v_keys) = 1 then (v_row ->> v_keys[1])::uuid end,
    v_payload);
  return null;
end
$$;

create or replace function codex.schema_version(out version integer, out serves_from integer)
language sql immutable set search_path = '' as $$ select 21, 19 $$;
