-- Arguments: the column; the states a row may start in; then one 'from > to, to' per state that has
-- a way out. docs/state-machines.md is generated from these arguments.
create or replace function codex.tg__check_transition() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_to text;
  v_from text;
  v_allowed text := tg_argv[1];
begin
  -- The usual name is read as it is: a whole row as jsonb takes ten times as long.
  if tg_argv[0] = 'status' then
    v_to := new.status;
    if tg_op = 'UPDATE' then
      v_from := old.status;
    end if;
  else
    v_to := to_jsonb(new) ->> tg_argv[0];
    v_from := to_jsonb(old) ->> tg_argv[0];
  end if;
  if tg_op = 'UPDATE' then
    if v_from is not distinct from v_to then
      return new;
    end if;
    v_allowed := null;
    for v_at in 2..tg_nargs - 1 loop
      if starts_with(tg_argv[v_at], v_from || ' > ') then
        v_allowed := split_part(tg_argv[v_at], ' > ', 2);
      end if;
    end loop;
  end if;
  if v_to = any (string_to_array(coalesce(v_allowed, ''), ', ')) then
    return new;
  end if;
  raise exception using
    errcode = 'KX002',
    message = format('%s.%s cannot go from %s to %s',
      tg_table_name, tg_argv[0], coalesce(v_from, '(new)'), coalesce(v_to, '(null)')),
    detail = format('allowed: %s', coalesce(nullif(v_allowed, ''), 'none, the state is terminal')),
    schema = tg_table_schema, table = tg_table_name, column = tg_argv[0];
end
$$;
