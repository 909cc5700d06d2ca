create or replace function codex.member_slot(p_user_id uuid) returns integer
language sql immutable parallel safe as $$
  select pg_catalog.get_byte(pg_catalog.uuid_send(p_user_id), 15) % 32
$$;
