-- What the triggers and functions write, and nothing else does; a test compares.
create or replace function codex.event_types() returns text[]
language sql immutable set search_path = '' as $$
  select array_agg(entity || '.' || verb order by entity, at)
  from (values
    ('created, updated, status_changed, deleted',
      'achievement, agent_debate, agent_recommendation, alert, asset, assignment, autopay,
      autopay_payment, campaign, execution, experiment, insight, line_of_operation, message,
      move, move_anomaly, payment, positioning, quest, signal, sprint, strategy,
      strategy_insight, subscription, webhook_endpoint'),
    ('created, updated, deleted',
      'activity_rule, announcement, api_key, award, campaign_cohort, cohort, competitor,
      competitor_content, competitor_pattern, content_adaptation, content_pattern,
      invitation, member, move_log, onboarding, quest_dependency, recommendation_outcome,
      signal_feed, signal_link, silence, support_feedback, trend'),
    ('created', 'notification, points'),
    ('updated', 'stats'),
    ('created, updated', 'workspace')
  ) as known (verbs, entities)
  cross join regexp_split_to_table(known.entities, ',\s+') as entity
  cross join string_to_table(known.verbs, ', ') with ordinality as v (verb, at)
$$;
