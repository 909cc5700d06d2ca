create or replace function codex.member_slot(p_user_id uuid) returns integer
language sql immutable parallel safe set search_path = '' as $$
  select get_byte(uuid_send(p_user_id), 15) % 32
$$;
