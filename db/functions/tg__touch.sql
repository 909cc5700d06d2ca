-- Arguments: the derived columns (progress, counters, heartbeats, leases) whose change is no edit.
create or replace function codex.tg__touch() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_derived text[] := array['updated_at', 'version'] || tg_argv;
begin
  -- Said once more, it is no edit: whoever read it before may still write. A row with generated columns never looks
  -- the same here, since they come later; there the arguments name them.
  if new *= old then
    return new;
  end if;
  new.updated_at := now();
  new.version := old.version + 1;
  if tg_nargs > 0 and to_jsonb(new) - v_derived = to_jsonb(old) - v_derived then
    new.version := old.version;
  end if;
  return new;
end
$$;
