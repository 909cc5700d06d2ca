-- In front of a change that a function makes, with the lock that the change takes first, and then its row: from here on it
-- stays as it is. A row that is not there, or not the caller's to change, is the change's own to refuse.
create or replace function codex.require_version(
  p_workspace_id uuid, p_table text, p_id uuid, p_version integer
) returns boolean
language plpgsql volatile set search_path = '' as $$
declare
  v_version integer;
begin
  perform codex.require_workspace(p_workspace_id);
  case p_table
    when 'achievements' then
      select version into v_version
      from codex.achievements
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'agent_executions' then
      v_version := codex.hold_execution(p_workspace_id, p_id);
    when 'campaign_quests' then
      perform codex.hold_quest_tree(p_workspace_id, p_id);
      select version into v_version
      from codex.campaign_quests
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'intelligence_signals' then
      select version into v_version
      from codex.intelligence_signals
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'market_insights' then
      select version into v_version
      from codex.market_insights
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'message_architecture' then
      perform codex.hold_drafts(p_workspace_id, positioning_id)
      from codex.message_architecture
      where workspace_id = p_workspace_id and id = p_id;
      select version into v_version
      from codex.message_architecture
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'positioning' then
      perform codex.lock_tree('positioning:' || p_workspace_id || ':' || segment)
      from codex.positioning
      where workspace_id = p_workspace_id and id = p_id;
      select version into v_version
      from codex.positioning
      where workspace_id = p_workspace_id and id = p_id
      for no key update;
    when 'webhook_endpoints' then
      v_version := codex.hold_webhook_endpoint(p_workspace_id, p_id);
  end case;
  if v_version <> p_version then
    raise exception 'it has changed meanwhile'
      using errcode = 'KX017', detail = v_version, schema = 'codex', table = p_table;
  end if;
  return true;
end
$$;
