create or replace function codex.require_role(p_role text) returns void
language plpgsql stable set search_path = '' as $$
begin
  if not codex.current_role_at_least(p_role) then
    raise exception 'this needs the role % or a higher one', p_role
      using errcode = 'KX010';
  end if;
end
$$;
