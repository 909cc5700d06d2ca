create or replace function codex.tg_insight_evidence__keep_frozen() returns trigger
language plpgsql volatile set search_path = '' as $$
declare
  v_row codex.insight_evidence := coalesce(new, old);
  v_insight record;
begin
  select status, evidence into v_insight
  from codex.market_insights
  where workspace_id = v_row.workspace_id and id = v_row.insight_id;
  if v_insight.status is distinct from 'draft' and v_insight.status is not null
    -- What the insight itself froze may be copied out of it.
    and not (tg_op = 'INSERT' and exists (
      select from jsonb_array_elements(v_insight.evidence) as item
      where item ->> 'signalId' = v_row.signal_id::text
        and round((item ->> 'confidence')::numeric * 10000) = v_row.score_micros
    ))
    and exists (select from codex.workspaces where id = v_row.workspace_id)
  then
    raise exception 'the evidence of a published insight no longer changes'
      using errcode = 'KX004', schema = tg_table_schema, table = tg_table_name,
        hint = 'Make a new insight, and let it supersede this one.';
  end if;
  return v_row;
end
$$;
