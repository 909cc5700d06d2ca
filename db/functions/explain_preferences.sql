create or replace function codex.explain_preferences(
  p_workspace_id uuid, p_user_id uuid, p_alert_id uuid, out decision text, out reason text
)
language sql stable set search_path = '' as $$
  select 'pass', 'no preference keeps it back'
$$;
