-- Arguments: the column; the states a row may start in; then one 'from > to, to' per state that has
-- a way out. docs/state-machines.md is generated from these arguments.
create or replace function codex.tg__check_transition() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_to text := to_jsonb(new) ->> tg_argv[0];
  v_from text;
  v_allowed text := tg_argv[1];
begin
  if tg_op = 'UPDATE' then
    v_from := to_jsonb(old) ->> tg_argv[0];
    if v_from is not distinct from v_to then
      return new;
    end if;
    select split_part(edge, ' > ', 2) into v_allowed
    from unnest(tg_argv[2:]) as edge
    where split_part(edge, ' > ', 1) = v_from;
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
