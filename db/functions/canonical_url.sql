-- Which of these say the same page is judged by the address alone: nothing is fetched.
create or replace function codex.canonical_url(p_url text) returns text
language plpgsql immutable parallel safe set search_path = '' as $$
declare
  v_url text := btrim(p_url);
  -- Scheme, host, path, query.
  v_parts text[] := regexp_match(v_url, '^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)\??([^#]*)');
  v_scheme text := lower(v_parts[1]);
  v_host text := lower(v_parts[2]);
  v_query text;
begin
  if v_parts is null then
    return nullif(v_url, '');
  end if;
  if v_scheme = 'http' and right(v_host, 3) = ':80' then
    v_host := left(v_host, -3);
  elsif v_scheme = 'https' and right(v_host, 4) = ':443' then
    v_host := left(v_host, -4);
  end if;
  if v_parts[4] <> '' then
    select '?' || string_agg(parameter, '&' order by place) into v_query
    from regexp_split_to_table(v_parts[4], '&') with ordinality as q (parameter, place)
    where parameter <> ''
      and parameter !~* '^(utm_\w+|gclid|fbclid|msclkid|dclid|yclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi)(=|$)';
  end if;
  return v_scheme || '://' || v_host || rtrim(v_parts[3], '/') || coalesce(v_query, '');
end
$$;
