-- Writes one activity of a member: its points by the workspace's rule, its day, its count. False when its
-- key is there already. Whoever calls it asks first whether it may be recorded, and awards afterwards.
create or replace function codex.note_activity(
  p_workspace_id uuid, p_user_id uuid, p_metric text, p_value bigint, p_at timestamptz, p_key text
) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_zone text;
  v_date date;
  v_known codex.points_ledger;
begin
  perform codex.lock_member(p_workspace_id, p_user_id);
  select * into v_known
  from codex.points_ledger
  where workspace_id = p_workspace_id and user_id = p_user_id and idempotency_key = p_key;
  if v_known.id is not null then
    if (v_known.metric, v_known.value) is distinct from (p_metric, p_value) then
      raise exception 'this idempotency key belongs to another request' using errcode = 'KX015';
    end if;
    return false;
  end if;
  select time_zone into v_zone from codex.user_profiles where id = p_user_id;
  v_date := (p_at at time zone v_zone)::date;
  insert into codex.points_ledger
    (workspace_id, user_id, source, delta, metric, value, idempotency_key, occurred_at, local_date)
  values (p_workspace_id, p_user_id, 'activity',
    codex.activity_points(p_workspace_id, p_user_id, p_metric, p_value, v_date),
    p_metric, p_value, p_key, p_at, v_date);
  perform codex.mark_active_day(p_workspace_id, p_user_id, p_at, v_zone);
  update codex.user_stats
  set last_active_at = greatest(last_active_at, p_at)
  where workspace_id = p_workspace_id and user_id = p_user_id;
  return true;
end
$$;
