create or replace function codex.create_insight_from_signals(
  p_workspace_id uuid,
  p_signal_ids uuid[],
  p_title text,
  p_insight_type text,
  p_conclusions text[] default '{}'
) returns uuid
language plpgsql volatile set search_path = '' as $$
begin
  return codex.publish_insight(p_workspace_id, codex.create_insight(p_workspace_id,
    gen_random_uuid(), jsonb_build_object('title', p_title, 'type', p_insight_type,
      'conclusions', to_jsonb(coalesce(p_conclusions, '{}'))), p_signal_ids));
end
$$;
