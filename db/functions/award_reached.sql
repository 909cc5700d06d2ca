-- Awards change figures, and figures earn awards: until nothing more is reached.
create or replace function codex.award_reached(
  p_workspace_id uuid, p_user_id uuid, p_event_type text, p_notify boolean
) returns uuid[]
language plpgsql volatile set search_path = '' as $$
declare
  v_figures jsonb;
  v_zone text;
  v_reached record;
  v_found boolean;
  v_awarded uuid[] := '{}';
begin
  if not exists (
    select from codex.achievements
    where workspace_id = p_workspace_id and status = 'active' and criteria ->> 'kind' = 'threshold'
  ) then
    return v_awarded;
  end if;
  select time_zone into v_zone from codex.user_profiles where id = p_user_id;
  loop
    v_figures := codex.member_figures(p_workspace_id, p_user_id);
    v_found := false;
    for v_reached in
      select a.id, a.criteria - 'kind' as evidence
      from codex.achievements a
      where a.workspace_id = p_workspace_id and a.status = 'active'
        and a.criteria ->> 'kind' = 'threshold'
        and (v_figures ->> (a.criteria ->> 'metric'))::numeric
          >= (a.criteria ->> 'threshold')::numeric
        and codex.may_earn(p_workspace_id, p_user_id, a.id, a.prerequisite_id,
          codex.period_key(a.repeat_period, now(), v_zone))
      order by a.created_at, a.id
    loop
      if codex.award_achievement(
        p_workspace_id, p_user_id, v_reached.id, p_event_type, v_reached.evidence, p_notify)
      then
        v_found := true;
        v_awarded := v_awarded || v_reached.id;
      end if;
    end loop;
    exit when not v_found;
  end loop;
  return v_awarded;
end
$$;
