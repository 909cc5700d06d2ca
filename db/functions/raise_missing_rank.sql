create or replace function codex.raise_missing_rank() returns integer
language plpgsql stable set search_path = '' as $$
begin
  perform codex.raise_missing_context();
  return null;
end
$$;
