-- [{ "claim": "…", "proofPoints": [{ "text": "…", "source": "…" }] }]: each proof names its source.
create or replace function codex.are_pillars(p_pillars jsonb) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select case
    when jsonb_typeof(p_pillars) <> 'array' then false
    else not exists (
      select
      from jsonb_array_elements(p_pillars) as pillar
      where jsonb_typeof(pillar) <> 'object'
        or coalesce(pillar ->> 'claim', '') = ''
        or case
          when jsonb_typeof(pillar -> 'proofPoints') is distinct from 'array' then true
          else exists (
            select
            from jsonb_array_elements(pillar -> 'proofPoints') as proof
            where coalesce(proof ->> 'text', '') = '' or coalesce(proof ->> 'source', '') = ''
          )
        end
    )
  end
$$;
