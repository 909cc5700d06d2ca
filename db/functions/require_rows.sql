create or replace function codex.require_rows(p_found bigint, p_least bigint) returns boolean
language plpgsql immutable set search_path = '' as $$
begin
  if p_found < p_least then
    raise exception 'what a call needs is not there' using errcode = 'KX018';
  end if;
  return true;
end
$$;
