create or replace function codex.signal_score(
  p_signal codex.intelligence_signals, p_as_of timestamptz
) returns numeric
language sql immutable parallel safe set search_path = '' as $$
  select case
    when p_signal.override_score is not null and p_as_of >= p_signal.overridden_at
      and (p_signal.override_until is null or p_as_of < p_signal.override_until)
      then p_signal.override_score::numeric(7, 4)
    when p_signal.expires_at <= p_as_of then 0::numeric(7, 4)
    else codex.decayed_confidence(
      p_signal.confidence, p_signal.last_seen_at, p_signal.half_life_hours, p_as_of)
  end
$$;
