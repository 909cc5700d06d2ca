-- The workspace stands among the words, so that one index finds both at once.
create or replace function codex.signal_words(p_workspace_id uuid, p_title text, p_body text)
returns tsvector
language sql immutable parallel safe as $$
  select pg_catalog.to_tsvector('pg_catalog.english'::pg_catalog.regconfig,
      p_title operator(pg_catalog.||) ' ' operator(pg_catalog.||) p_body)
    operator(pg_catalog.||) pg_catalog.array_to_tsvector(array[p_workspace_id::pg_catalog.text])
$$;
