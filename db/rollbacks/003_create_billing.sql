-- Removes billing. Refuses while a payment or subscription is stored.
do $$
begin
  if coalesce(current_setting('codex_migrator.allow_data_loss', true), '') <> 'on'
    and (exists (select from codex.subscriptions)
      or exists (select from codex.billing_history)
      or exists (select from codex.autopay_subscriptions)
      or exists (select from codex.autopay_payments))
  then
    raise exception 'this rollback would destroy rows of subscriptions, billing_history, autopay_subscriptions, autopay_payments'
      using errcode = 'KX009',
        hint = 'Run codex-migrate down with --allow-data-loss if they may go.';
  end if;
end
$$;

drop table if exists codex.autopay_payments;
drop table if exists codex.autopay_subscriptions;
drop table if exists codex.billing_history;
drop table if exists codex.subscriptions;
