-- [{ "signalId": "…", "confidence": 71.3 }]: each signal as it stood when the insight was made.
create or replace function codex.is_evidence(p_evidence jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_evidence) <> 'array' then false
    else not exists (
      select
      from jsonb_array_elements(p_evidence) as item
      where jsonb_typeof(item) <> 'object'
        or jsonb_typeof(item -> 'signalId') is distinct from 'string'
        or jsonb_typeof(item -> 'confidence') is distinct from 'number'
        or (item ->> 'confidence')::numeric not between 0 and 100
    )
  end
$$;
