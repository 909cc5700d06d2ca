-- [{ "label": "team", "op": "is", "value": "ads" }], 1 to 20 of them.
create or replace function codex.are_matchers(p_matchers jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_matchers) <> 'array' then false
    else jsonb_array_length(p_matchers) <= 20 and not exists (
      select
      from jsonb_array_elements(p_matchers) as m
      where jsonb_typeof(m) <> 'object'
        or coalesce(m ->> 'label', '') = '' or coalesce(m ->> 'value', '') = ''
        or coalesce(m ->> 'op', '') not in ('is', 'is_not', 'starts_with')
    )
  end
$$;
