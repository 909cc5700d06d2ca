-- Whoever writes or publishes drafts of one positioning takes turns.
create or replace function codex.hold_drafts(p_workspace_id uuid, p_positioning_id uuid)
returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.lock_tree('message_architecture:' || p_positioning_id);
end
$$;
