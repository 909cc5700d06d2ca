create or replace function codex.tg_positioning__number_revision() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  perform codex.lock_tree('positioning:' || new.workspace_id || ':' || new.segment);
  select coalesce(max(revision), 0) + 1 into new.revision
  from codex.positioning
  where workspace_id = new.workspace_id and segment = new.segment;
  return new;
end
$$;
