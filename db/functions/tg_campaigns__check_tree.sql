create or replace function codex.tg_campaigns__check_tree() returns trigger
language plpgsql volatile set search_path = ''
set plan_cache_mode = 'force_generic_plan' as $$
declare
  v_above integer;
  v_below integer;
  v_cycle boolean;
begin
  if new.parent_id is null then
    return new;
  end if;
  perform codex.lock_tree('campaigns:' || new.workspace_id);
  with recursive above as (
    select id, parent_id, 1 as depth
    from codex.campaigns
    where workspace_id = new.workspace_id and id = new.parent_id
    union all
    select c.id, c.parent_id, above.depth + 1
    from above
    join codex.campaigns c on c.workspace_id = new.workspace_id and c.id = above.parent_id
    where above.depth < 10 and above.id <> new.id
  )
  select max(depth), bool_or(id = new.id) into v_above, v_cycle from above;
  with recursive below as (
    select new.id as id, 1 as depth
    union all
    select c.id, below.depth + 1
    from below
    join codex.campaigns c on c.workspace_id = new.workspace_id and c.parent_id = below.id
    where below.depth < 10
  )
  select max(depth) into v_below from below;
  if v_cycle or new.parent_id = new.id then
    raise exception 'a campaign cannot be part of itself'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  elsif v_above + v_below > 5 then
    raise exception 'campaigns are nested at most 5 levels deep'
      using errcode = 'KX005', schema = tg_table_schema, table = tg_table_name;
  end if;
  return new;
end
$$;
