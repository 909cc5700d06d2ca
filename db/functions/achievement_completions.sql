-- SECURITY DEFINER: a number of people, among them those who show their award to nobody.
create or replace function codex.achievement_completions(
  p_workspace_id uuid, p_achievement_ids uuid[]
)
returns table (achievement_id uuid, completions bigint)
language plpgsql stable security definer set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  return query
    select a.achievement_id, count(distinct a.user_id)
    from codex.user_achievements a
    where a.workspace_id = p_workspace_id and a.achievement_id = any (p_achievement_ids)
    group by a.achievement_id;
end
$$;
