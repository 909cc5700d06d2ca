-- Version 1. Text is compared without regard to case, width and white space.
create or replace function codex.signal_fingerprints(
  p_source text, p_external_id text, p_url text, p_title text, p_body text,
  out by_id text, out by_url text, out by_content text
)
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_title text := btrim(lower(regexp_replace(normalize(p_title, NFKC), '\s+', ' ', 'g')));
  v_body text := btrim(lower(regexp_replace(normalize(coalesce(p_body, ''), NFKC), '\s+', ' ', 'g')));
  v_source text := lower(coalesce(p_source, ''));
begin
  if p_external_id <> '' then
    by_id := 'id:' || encode(sha256(convert_to(v_source || E'\n' || p_external_id, 'UTF8')), 'hex');
  end if;
  if p_url <> '' then
    by_url := 'url:' || encode(sha256(convert_to(codex.canonical_url(p_url), 'UTF8')), 'hex');
  end if;
  if v_body <> '' then
    by_content := 'text:' || encode(sha256(convert_to(v_title || E'\n' || v_body, 'UTF8')), 'hex');
  -- A title alone says too little: it counts together with its source, and for want of better.
  elsif by_id is null and by_url is null then
    by_content := 'title:' || encode(sha256(convert_to(v_source || E'\n' || v_title, 'UTF8')), 'hex');
  end if;
end
$$;
