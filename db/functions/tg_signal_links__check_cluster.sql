create or replace function codex.tg_signal_links__check_cluster() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.lock_tree('signal_links:' || new.workspace_id);
  if exists (
    select from codex.signal_links
    where workspace_id = new.workspace_id and head_id is not null
      and (signal_id = new.head_id or head_id = new.signal_id)
  ) then
    raise exception 'the head of a cluster is in no other cluster'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name, column = 'head_id';
  end if;
  return new;
end
$$;
