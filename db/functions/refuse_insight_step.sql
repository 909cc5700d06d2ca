create or replace function codex.refuse_insight_step(p_from text, p_to text) returns void
language plpgsql immutable set search_path = '' as $$
begin
  raise exception using
    errcode = 'KX002',
    message = format('market_insights.status cannot go from %s to %s', p_from, p_to),
    detail = format('allowed: %s', case p_from
      when 'active' then 'superseded, retracted, archived'
      when 'superseded' then 'archived'
      else 'none, the state is terminal'
    end),
    schema = 'codex', table = 'market_insights', column = 'status';
end
$$;
