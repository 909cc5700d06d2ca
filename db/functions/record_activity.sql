-- SECURITY DEFINER: nobody may write the ledger directly.
create or replace function codex.record_activity(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint,
  p_occurred_at timestamptz default null, p_idempotency_key text default null,
  out replayed boolean, out points bigint, out level integer, out streak_current integer,
  out streak_longest integer, out streak_deadline_at timestamptz, out streak_state text,
  out unlocked uuid[]
)
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_before bigint;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role(
    case when codex.acting_user_id() = p_user_id then 'creator' else 'strategist' end);
  if not codex.is_recordable_metric(p_metric) then
    raise exception 'this metric is counted by the database itself, or is no word'
      using errcode = 'KX011', column = 'metric';
  elsif p_value is null or p_value not between 1 and 1000000000 then
    raise exception 'the value is 1 to 1000000000' using errcode = 'KX011', column = 'value';
  elsif p_occurred_at > now() + interval '5 minutes' or p_occurred_at < now() - interval '1 year' then
    raise exception 'an activity is of the past, and of this year'
      using errcode = 'KX011', column = 'occurred_at';
  elsif not exists (
    select from codex.user_workspaces
    where workspace_id = p_workspace_id and user_id = p_user_id and removed_at is null
  ) then
    raise exception 'no such member' using errcode = 'KX008';
  end if;
  perform codex.lock_member(p_workspace_id, p_user_id);
  select s.points_balance into v_before
  from codex.user_stats s
  where workspace_id = p_workspace_id and user_id = p_user_id;
  replayed := not codex.note_activity(p_workspace_id, p_user_id, p_metric, p_value,
    coalesce(p_occurred_at, now()), 'key:' || p_idempotency_key);
  unlocked := '{}';
  if not replayed then
    unlocked := codex.award_reached(p_workspace_id, p_user_id, 'activity', true);
  end if;
  select f.points - v_before into points
  from codex.figures_of(p_workspace_id, p_user_id) f;
  -- Whoever records for somebody else learns no more than they may read.
  select f.level, f.streak_current, f.streak_longest, f.streak_deadline_at, f.streak_state
  into level, streak_current, streak_longest, streak_deadline_at, streak_state
  from codex.figures_of(p_workspace_id, p_user_id) f
  where f.shown;
end
$$;
