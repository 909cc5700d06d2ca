-- SECURITY DEFINER: private figures are told from figures that are not there yet, and the zone of a
-- person is theirs alone to read.
create or replace function codex.member_stats(
  p_workspace_id uuid, p_user_id uuid,
  out points bigint, out lifetime_points bigint, out level integer, out streak_current integer,
  out streak_longest integer, out streak_deadline_at timestamptz, out streak_state text
)
language plpgsql stable security definer set search_path = '' as $$
declare
  v_shown boolean;
begin
  perform codex.require_workspace(p_workspace_id);
  select f.points, f.lifetime_points, f.level, f.streak_current, f.streak_longest,
    f.streak_deadline_at, f.streak_state, f.shown
  into points, lifetime_points, level, streak_current, streak_longest, streak_deadline_at,
    streak_state, v_shown
  from codex.figures_of(p_workspace_id, p_user_id) f;
  if v_shown is not true then
    raise exception 'no such member, or their figures are private' using errcode = 'KX008';
  end if;
end
$$;
