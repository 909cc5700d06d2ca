create or replace function codex.require_sender(p_channel text, p_column text default 'channel')
returns void
language plpgsql immutable set search_path = '' as $$
begin
  if p_channel in ('slack', 'sms', 'push') then
    raise exception 'the channel % has no sender yet: use in_app or email', p_channel
      using errcode = 'KX011', column = p_column;
  end if;
end
$$;
