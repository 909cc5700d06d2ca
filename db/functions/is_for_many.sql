create or replace function codex.is_for_many(p_workspace_id uuid, p_alert_id uuid) returns boolean
language plpgsql stable set search_path = '' as $$
begin
  return (
    select case
      when (select sum(members) from codex.member_counts where workspace_id = p_workspace_id) > 10000
        then exists (
          select from codex.alert_audience(p_workspace_id, p_alert_id, 0) offset 10000)
      else false
    end);
end
$$;
