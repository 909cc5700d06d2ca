create or replace function codex.publish_message(
  p_workspace_id uuid, p_message_id uuid, out published uuid, out superseded uuid
)
language plpgsql volatile set search_path = '' as $$
declare
  v_message codex.message_architecture;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  select * into v_message
  from codex.message_architecture
  where workspace_id = p_workspace_id and id = p_message_id;
  if v_message.id is null then
    raise exception 'no such message' using errcode = 'KX008';
  end if;
  -- Two publications for one positioning take turns; the later one supersedes the earlier.
  perform codex.hold_drafts(p_workspace_id, v_message.positioning_id);
  update codex.message_architecture
  set status = 'superseded'
  where workspace_id = p_workspace_id and positioning_id = v_message.positioning_id
    and status = 'published' and id <> p_message_id
    and channel is not distinct from v_message.channel
    and persona is not distinct from v_message.persona
  returning id into superseded;
  update codex.message_architecture
  set status = 'published'
  where workspace_id = p_workspace_id and id = p_message_id
  returning id into published;
end
$$;
