-- Whether what has a signal's address is something else: the same source calls it by another id and says another thing.
-- One page is the address of all its entries: of a changelog, whose links differ in nothing but their fragments.
create or replace function codex.is_other_entry(
  p_signal codex.intelligence_signals, p_source text, p_by_id text, p_content text, p_title text
) returns boolean
language sql immutable parallel safe as $$
  -- What was purged has its fingerprints left.
  select coalesce(p_by_id <> p_signal.fingerprint and p_signal.fingerprint ~ '^(id|url):'
    and lower(p_source) = lower(p_signal.data_source)
    and coalesce(p_content <> p_signal.content_fingerprint, p_title <> p_signal.title), false)
$$;
