create or replace function codex.update_experience_level() returns trigger
language plpgsql volatile set search_path = '' as $$
begin
  new.level := new.lifetime_points / 1000 + 1;
  return new;
end
$$;
