create or replace function codex.notify_members(
  p_workspace_id uuid, p_user_ids uuid[], p_content jsonb,
  out accepted integer, out skipped uuid[]
)
language plpgsql volatile set search_path = '' as $$
begin
  select sent.accepted,
    array(select (item ->> 'userId')::uuid from jsonb_array_elements(sent.skipped) as item)
  into accepted, skipped
  from codex.fan_out_notification(p_workspace_id, gen_random_uuid(), p_user_ids, p_content) sent;
end
$$;
