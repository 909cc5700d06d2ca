create or replace function codex.cluster_signal(
  p_workspace_id uuid, p_signal_id uuid, p_head_id uuid, p_similarity numeric default null
) returns uuid
language plpgsql volatile set search_path = '' as $$
declare
  v_head uuid;
begin
  perform codex.require_workspace(p_workspace_id);
  perform codex.require_role('analyst');
  perform codex.lock_tree('signal_links:' || p_workspace_id);
  if p_signal_id = p_head_id then
    raise exception 'a signal is not like itself'
      using errcode = 'KX005', schema = 'codex', table = 'signal_links', column = 'head_id';
  end if;
  select head_id into v_head
  from codex.signal_links
  where workspace_id = p_workspace_id and signal_id = p_head_id and head_id is not null;
  v_head := coalesce(v_head, p_head_id);
  if v_head = p_signal_id then
    raise exception 'the signal leads this cluster already'
      using errcode = 'KX007', schema = 'codex', table = 'signal_links';
  end if;
  if exists (
    select from codex.signal_links
    where workspace_id = p_workspace_id and signal_id = p_signal_id and head_id = v_head
  ) then
    return v_head;
  end if;
  delete from codex.signal_links
  where workspace_id = p_workspace_id and signal_id = p_signal_id and head_id is not null;
  -- Whoever it led so far comes along.
  update codex.signal_links
  set head_id = v_head
  where workspace_id = p_workspace_id and head_id = p_signal_id;
  insert into codex.signal_links (workspace_id, signal_id, head_id, similarity_micros)
  values (p_workspace_id, p_signal_id, v_head, round(p_similarity * 1000000));
  return v_head;
end
$$;
