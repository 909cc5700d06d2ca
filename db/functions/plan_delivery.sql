create or replace function codex.plan_delivery(
  p_channels jsonb, p_quiet_hours jsonb, p_digest text, p_time_zone text,
  p_category text, p_priority text, p_at timestamptz,
  out channels text[], out deliver_at timestamptz
)
language plpgsql stable set search_path = '' as $$
declare
  v_local timestamp;
begin
  deliver_at := p_at;
  channels := array(select jsonb_array_elements_text(
    coalesce(p_channels -> p_category, p_channels -> 'default', '["in_app"]')));
  if p_priority = 'urgent' or p_category = 'critical' then
    channels := array_prepend('in_app', array_remove(channels, 'in_app'));
    return;
  elsif cardinality(channels) = 0 then
    return;
  end if;
  -- The inbox shows all that is sent by any channel, and is never held.
  channels := array_prepend('in_app', array_remove(channels, 'in_app'));
  v_local := p_at at time zone p_time_zone;
  if p_digest = 'hourly' then
    deliver_at := date_trunc('hour', p_at, p_time_zone) + interval '1 hour';
  elsif p_digest = 'daily' then
    deliver_at := (date_trunc('day', v_local - interval '8 hours') + interval '32 hours')
      at time zone p_time_zone;
  end if;
  deliver_at := codex.quiet_until(p_quiet_hours, p_time_zone, deliver_at);
end
$$;
