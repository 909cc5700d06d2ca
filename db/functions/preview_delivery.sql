create or replace function codex.preview_delivery(
  p_workspace_id uuid, p_category text, p_priority text, p_at timestamptz,
  out channels text[], out deliver_at timestamptz
)
language plpgsql stable set search_path = '' as $$
begin
  select plan.channels, plan.deliver_at into channels, deliver_at
  from codex.plan_for(p_workspace_id, codex.current_user_id(), p_category, p_priority, p_at) plan;
end
$$;
