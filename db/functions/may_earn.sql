create or replace function codex.may_earn(
  p_workspace_id uuid, p_user_id uuid, p_achievement_id uuid, p_prerequisite_id uuid, p_period text
) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return (
    select not exists (
        select from codex.user_achievements
        where workspace_id = p_workspace_id and user_id = p_user_id
          and achievement_id = p_achievement_id and period_key = p_period
      ) and not exists (
        select from codex.award_revocations
        where workspace_id = p_workspace_id and user_id = p_user_id
          and achievement_id = p_achievement_id and period_key = p_period
      ) and (p_prerequisite_id is null or exists (
        select from codex.user_achievements
        where workspace_id = p_workspace_id and user_id = p_user_id
          and achievement_id = p_prerequisite_id
      )));
end
$$;
