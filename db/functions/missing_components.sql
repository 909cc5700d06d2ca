create or replace function codex.missing_components(p_workspace_id uuid, p_positioning_id uuid)
returns text[]
language sql stable set search_path = '' as $$
  select array_remove(array[
    case when cardinality(competitive_alternatives) = 0 then 'competitive_alternatives' end,
    case when cardinality(unique_attributes) = 0 then 'unique_attributes' end,
    case when cardinality(value_themes) = 0 then 'value_themes' end,
    case when best_fit_customers = '' then 'best_fit_customers' end,
    case when market_category = '' then 'market_category' end
  ], null)
  from codex.positioning
  where workspace_id = p_workspace_id and id = p_positioning_id
$$;
