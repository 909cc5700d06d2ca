create or replace function codex.require_time_zone(p_time_zone text) returns void
language plpgsql stable set search_path = '' as $$
begin
  perform now() at time zone p_time_zone;
  if p_time_zone !~ '^(UTC|[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$' then
    raise invalid_parameter_value;
  end if;
exception
  when invalid_parameter_value then
    raise exception 'not an IANA time zone, as Europe/Berlin is'
      using errcode = 'KX011', column = 'time_zone';
end
$$;
