create or replace function codex.matches_labels(p_matchers jsonb, p_labels jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select not exists (
    select
    from jsonb_to_recordset(p_matchers) as m (label text, op text, value text)
    where not coalesce(case m.op
      when 'is' then p_labels ->> m.label = m.value
      when 'is_not' then p_labels ->> m.label <> m.value
      when 'starts_with' then starts_with(p_labels ->> m.label, m.value)
    end, false)
  )
$$;
