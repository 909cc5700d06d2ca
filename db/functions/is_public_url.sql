create or replace function codex.is_public_url(p_url text) returns boolean
language sql immutable parallel safe set search_path = '' as $$
  select p_url ~ '^https://[^/?#@\\[:space:]]+([/?#][^[:space:]]*)?$' and case
    -- Of IPv6 only what is routed globally; of IPv4 nothing that is not.
    when host.name ~ '^\[' then host.name ~ '^\[[23][0-9a-f]{3}:[0-9a-f:]*\]$'
      -- What holds an address of IPv4, and what is for documents.
      and host.name !~ '^\[(2002|2001:0{0,4}|2001:0?db8):'
    when host.name ~ '^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$' then
      host.name !~ '^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2[0-9]|3[01])|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])|192\.0\.[02]|192\.88\.99|198\.1[89]|198\.51\.100|203\.0\.113|22[4-9]|2[3-5][0-9])\.'
    -- Other spellings of numbers, and names without a dot, lead who knows where.
    else host.name ~ '^([a-z0-9_-]+\.)+[a-z][a-z0-9-]*\.?$'
      and host.name !~ '\.(localhost|local|internal|lan|home\.arpa)\.?$'
  end
  from (
    select regexp_replace(
      lower((regexp_match(p_url, '^https://([^/?#]*)'))[1]), ':[0-9]*$', '') as name
  ) host
$$;
