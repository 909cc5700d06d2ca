create or replace function codex.tg_achievements__check_prerequisite() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_cycle boolean;
begin
  if new.prerequisite_id is null then
    return new;
  end if;
  perform codex.lock_tree('achievements:' || new.workspace_id);
  with recursive needed as (
    select id, prerequisite_id
    from codex.achievements
    where workspace_id = new.workspace_id and id = new.prerequisite_id
    union
    select a.id, a.prerequisite_id
    from needed
    join codex.achievements a on a.workspace_id = new.workspace_id and a.id = needed.prerequisite_id
  )
  select bool_or(id = new.id) into v_cycle from needed;
  if v_cycle or new.prerequisite_id = new.id then
    raise exception 'an achievement cannot need itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
