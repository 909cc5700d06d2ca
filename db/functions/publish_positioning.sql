create or replace function codex.publish_positioning(
  p_workspace_id uuid, p_positioning_id uuid, out active uuid, out superseded uuid
)
language plpgsql volatile set search_path = '' as $$
declare
  v_segment text;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('strategist');
  select segment into v_segment
  from codex.positioning
  where workspace_id = p_workspace_id and id = p_positioning_id;
  if v_segment is null then
    raise exception 'no such positioning' using errcode = 'KX008';
  end if;
  -- Two publications in one segment take turns; the later one supersedes the earlier.
  perform codex.lock_tree('positioning:' || p_workspace_id || ':' || v_segment);
  update codex.positioning
  set status = 'superseded'
  where workspace_id = p_workspace_id and segment = v_segment and status = 'active'
    and id <> p_positioning_id
  returning id into superseded;
  update codex.positioning
  set status = 'active'
  where workspace_id = p_workspace_id and id = p_positioning_id
  returning id into active;
end
$$;
