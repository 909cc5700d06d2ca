create or replace function codex.put_message(
  p_workspace_id uuid, p_id uuid, p_positioning_id uuid, p_channel text, p_persona text,
  p_content jsonb
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_id uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('creator');
  -- Two who write the draft of one positioning take turns; the later one writes over it.
  perform codex.hold_drafts(p_workspace_id, p_positioning_id);
  update codex.message_architecture
  set name = coalesce(p_content ->> 'name', name),
    core_message = p_content ->> 'coreMessage',
    pillars = p_content -> 'pillars',
    brand_voice = coalesce(p_content ->> 'brandVoice', brand_voice),
    tone_guidelines = coalesce(p_content ->> 'toneGuidelines', tone_guidelines)
  where workspace_id = p_workspace_id and positioning_id = p_positioning_id and status = 'draft'
    and channel is not distinct from p_channel and persona is not distinct from p_persona
  returning id into v_id;
  if v_id is not null then
    return v_id;
  end if;
  insert into codex.message_architecture (workspace_id, id, positioning_id, channel, persona, name,
    core_message, pillars, brand_voice, tone_guidelines)
  values (p_workspace_id, p_id, p_positioning_id, p_channel, p_persona,
    coalesce(p_content ->> 'name', left(p_content ->> 'coreMessage', 200)),
    p_content ->> 'coreMessage', p_content -> 'pillars',
    coalesce(p_content ->> 'brandVoice', ''), coalesce(p_content ->> 'toneGuidelines', ''));
  return p_id;
end
$$;
