-- Reference data of every installation. Run as codex_service; run again, it changes nothing.
insert into codex.journey_stages as t (key, name, description, sort_order) values
  ('unaware', 'Unaware', 'Does not know that there is a problem.', 1),
  ('problem_aware', 'Problem aware', 'Knows the problem, no solution yet.', 2),
  ('solution_aware', 'Solution aware', 'Knows that there are solutions, not this one.', 3),
  ('product_aware', 'Product aware', 'Knows the product and weighs it.', 4),
  ('most_aware', 'Most aware', 'Is convinced and waits for the occasion.', 5)
on conflict (key) do update set
  name = excluded.name, description = excluded.description, sort_order = excluded.sort_order,
  updated_at = now()
where (t.name, t.description, t.sort_order)
  is distinct from (excluded.name, excluded.description, excluded.sort_order);

insert into codex.channel_roles as t (key, name, description, sort_order) values
  ('reach', 'Reach', 'Brings the message to people who do not know it.', 1),
  ('engage', 'Engage', 'Makes people who know it respond.', 2),
  ('convert', 'Convert', 'Turns interest into a decision.', 3),
  ('retain', 'Retain', 'Keeps customers and makes them return.', 4)
on conflict (key) do update set
  name = excluded.name, description = excluded.description, sort_order = excluded.sort_order,
  updated_at = now()
where (t.name, t.description, t.sort_order)
  is distinct from (excluded.name, excluded.description, excluded.sort_order);

insert into codex.maneuver_types as t
  (key, name, category, base_duration_days, fogg_role, intensity_score, risk_profile, description)
values
  ('authority_establishment', 'Authority Establishment Sprint', 'offensive', 14, 'spark', 6, 'low',
    'From unaware to problem aware.'),
  ('proof_delivery', 'Proof Delivery', 'offensive', 14, 'facilitator', 5, 'low',
    'From problem aware to solution aware.'),
  ('objection_handling', 'Objection Handling', 'defensive', 7, 'facilitator', 8, 'medium',
    'From solution aware to product aware.'),
  ('conversion_sprint', 'Conversion Sprint', 'offensive', 7, 'signal', 9, 'budget_risk',
    'From product aware to most aware.'),
  ('value_reinforcement', 'Value Reinforcement Loop', 'logistical', 28, 'facilitator', 3, 'low',
    'Keeps customers.'),
  ('advocacy_activation', 'Advocacy Activation', 'recon', 21, 'signal', 5, 'brand_risk',
    'Makes customers speak for the product.')
on conflict (key) do update set
  name = excluded.name, category = excluded.category,
  base_duration_days = excluded.base_duration_days, fogg_role = excluded.fogg_role,
  intensity_score = excluded.intensity_score, risk_profile = excluded.risk_profile,
  description = excluded.description, updated_at = now()
where (t.name, t.category, t.base_duration_days, t.fogg_role, t.intensity_score, t.risk_profile,
    t.description)
  is distinct from (excluded.name, excluded.category, excluded.base_duration_days,
    excluded.fogg_role, excluded.intensity_score, excluded.risk_profile, excluded.description);
