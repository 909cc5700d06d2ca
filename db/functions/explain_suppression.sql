create or replace function codex.explain_suppression(p_workspace_id uuid, p_alert_id uuid)
returns table (stage text, decision text, reason text)
language sql stable set search_path = '' as $$
  select asked.stage,
    case when kept.reason = asked.word then 'hold' else 'pass' end,
    case
      when kept.reason = asked.word then format('%s until %s', asked.word, to_char(
        kept.until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
      when exists (
        select from codex.alert_events e
        where e.workspace_id = p_workspace_id and e.alert_id = p_alert_id and e.kind = asked.word
      ) then format('it was %s, and is no longer', asked.word)
      else format('it was never %s', asked.word)
    end
  from (values (1, 'silence', 'silenced'), (2, 'snooze', 'snoozed')) as asked (place, stage, word)
  cross join codex.alert_suppression(p_workspace_id, p_alert_id) kept
  order by asked.place
$$;
