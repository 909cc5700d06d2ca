-- Billing: what a workspace pays for and what it paid. Owners read it, background work writes
-- it.

----------------------------------------------------------------------------------------------------
-- subscriptions
----------------------------------------------------------------------------------------------------

-- What a workspace pays for. One current subscription at a time; ended ones stay.
create table if not exists codex.subscriptions (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  plan text not null default 'ascent',
  status text not null default 'active',
  billing_period text not null default 'monthly',
  provider text,
  provider_customer_id text,
  provider_subscription_id text,
  current_period_start timestamptz not null default now(),
  current_period_end timestamptz not null default now() + interval '1 month',
  trial_end timestamptz,
  cancelled_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint subscriptions_pkey primary key (workspace_id, id),
  constraint subscriptions_plan_check check (plan in ('ascent', 'glide', 'soar')),
  constraint subscriptions_status_check
    check (status in ('trialing', 'active', 'past_due', 'cancelled', 'expired')),
  constraint subscriptions_billing_period_check check (billing_period in ('monthly', 'yearly')),
  constraint subscriptions_period_in_order_check check (current_period_end > current_period_start)
);
comment on table codex.subscriptions is 'Subscription of a workspace to a plan.';
comment on column codex.subscriptions.workspace_id is 'Workspace the row belongs to.';
comment on column codex.subscriptions.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.subscriptions.plan is 'ascent, glide or soar.';
comment on column codex.subscriptions.status is 'trialing, active, past_due, cancelled or expired.';
comment on column codex.subscriptions.billing_period is 'monthly or yearly.';
comment on column codex.subscriptions.provider is 'Payment provider.';
comment on column codex.subscriptions.provider_customer_id is 'Customer at the provider.';
comment on column codex.subscriptions.provider_subscription_id is 'Subscription at the provider.';
comment on column codex.subscriptions.current_period_start is 'Start of the period that is paid.';
comment on column codex.subscriptions.current_period_end is 'End of the period that is paid.';
comment on column codex.subscriptions.trial_end is 'End of the trial, when there is one.';
comment on column codex.subscriptions.cancelled_at is 'When it was cancelled.';
comment on column codex.subscriptions.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.subscriptions.created_at is 'When the row was made.';
comment on column codex.subscriptions.updated_at is 'When the row last changed.';

create unique index if not exists uniq_subscriptions_current
  on codex.subscriptions (workspace_id) where status in ('trialing', 'active', 'past_due');
comment on index codex.uniq_subscriptions_current is 'One current subscription; the billing page shows it.';
create index if not exists idx_subscriptions_period
  on codex.subscriptions (workspace_id, current_period_end);
comment on index codex.idx_subscriptions_period is 'Renewal finds what ends.';

select codex.protect('codex.subscriptions', p_read => 'owner');
grant select on codex.subscriptions to codex_app;
grant select, insert, update, delete on codex.subscriptions to codex_service;
-- No delete for people: payments are kept; background work writes them.

create or replace trigger _900_touch before update on codex.subscriptions
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.subscriptions
  for each row execute function codex.tg__record_event(
    'subscription', 'id', '');

----------------------------------------------------------------------------------------------------
-- billing_history
----------------------------------------------------------------------------------------------------

-- Payments of a workspace, as the provider reported them.
create table if not exists codex.billing_history (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  merchant_transaction_id text not null,
  amount_minor bigint not null,
  currency text not null default 'INR',
  plan text,
  billing_period text,
  status text not null default 'pending',
  provider_response jsonb not null default '{}',
  completed_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint billing_history_pkey primary key (workspace_id, id),
  constraint billing_history_amount_positive_check check (amount_minor > 0),
  constraint billing_history_currency_format_check check (currency ~ '^[A-Z]{3}$'),
  constraint billing_history_plan_check check (plan in ('ascent', 'glide', 'soar')),
  constraint billing_history_billing_period_check check (billing_period in ('monthly', 'yearly')),
  constraint billing_history_status_check
    check (status in ('pending', 'success', 'failed', 'cancelled', 'refunded')),
  constraint billing_history_provider_response_is_object_check
    check (jsonb_typeof(provider_response) = 'object')
);
comment on table codex.billing_history is 'One payment.';
comment on column codex.billing_history.workspace_id is 'Workspace the row belongs to.';
comment on column codex.billing_history.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.billing_history.merchant_transaction_id is 'Our reference at the provider.';
comment on column codex.billing_history.amount_minor is 'Amount in minor units of the currency.';
comment on column codex.billing_history.currency is 'ISO 4217 code.';
comment on column codex.billing_history.plan is 'Plan that was paid.';
comment on column codex.billing_history.billing_period is 'monthly or yearly.';
comment on column codex.billing_history.status is 'pending, success, failed, cancelled or refunded.';
comment on column codex.billing_history.provider_response is 'What the provider answered; nobody filters by it.';
comment on column codex.billing_history.completed_at is 'When the payment ended.';
comment on column codex.billing_history.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.billing_history.created_at is 'When the row was made.';
comment on column codex.billing_history.updated_at is 'When the row last changed.';

create unique index if not exists uniq_billing_history_transaction
  on codex.billing_history (workspace_id, merchant_transaction_id);
comment on index codex.uniq_billing_history_transaction is 'The provider''s callback finds its payment, once.';
create index if not exists idx_billing_history_created
  on codex.billing_history (workspace_id, created_at desc);
comment on index codex.idx_billing_history_created is 'The billing page lists payments, newest first.';

select codex.protect('codex.billing_history', p_read => 'owner');
grant select on codex.billing_history to codex_app;
grant select, insert, update, delete on codex.billing_history to codex_service;
-- No delete for people: payments are kept; background work writes them.

create or replace trigger _100_check_transition
  before insert or update of status on codex.billing_history
  for each row execute function codex.tg__check_transition('status',
    'pending, success, failed',
    'pending > success, failed, cancelled',
    'success > refunded');
create or replace trigger _900_touch before update on codex.billing_history
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.billing_history
  for each row execute function codex.tg__record_event(
    'payment', 'id', '');

----------------------------------------------------------------------------------------------------
-- autopay_subscriptions
----------------------------------------------------------------------------------------------------

-- Mandates by which a workspace pays without being asked each time.
create table if not exists codex.autopay_subscriptions (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  merchant_subscription_id text not null,
  plan text not null,
  billing_period text not null,
  amount_minor bigint not null,
  currency text not null default 'INR',
  status text not null default 'pending',
  starts_on date,
  ends_on date,
  next_charge_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint autopay_subscriptions_pkey primary key (workspace_id, id),
  constraint autopay_subscriptions_amount_positive_check check (amount_minor > 0),
  constraint autopay_subscriptions_currency_format_check check (currency ~ '^[A-Z]{3}$'),
  constraint autopay_subscriptions_plan_check check (plan in ('ascent', 'glide', 'soar')),
  constraint autopay_subscriptions_billing_period_check
    check (billing_period in ('monthly', 'yearly')),
  constraint autopay_subscriptions_status_check
    check (status in ('pending', 'active', 'paused', 'cancelled', 'expired', 'failed')),
  constraint autopay_subscriptions_dates_in_order_check check (ends_on >= starts_on)
);
comment on table codex.autopay_subscriptions is 'One mandate.';
comment on column codex.autopay_subscriptions.workspace_id is 'Workspace the row belongs to.';
comment on column codex.autopay_subscriptions.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.autopay_subscriptions.merchant_subscription_id is 'Our reference at the provider.';
comment on column codex.autopay_subscriptions.plan is 'ascent, glide or soar.';
comment on column codex.autopay_subscriptions.billing_period is 'monthly or yearly.';
comment on column codex.autopay_subscriptions.amount_minor is 'Amount in minor units of the currency.';
comment on column codex.autopay_subscriptions.currency is 'ISO 4217 code.';
comment on column codex.autopay_subscriptions.status is 'pending, active, paused, cancelled, expired or failed.';
comment on column codex.autopay_subscriptions.starts_on is 'First day of the mandate.';
comment on column codex.autopay_subscriptions.ends_on is 'Last day of the mandate.';
comment on column codex.autopay_subscriptions.next_charge_at is 'When the next charge is due.';
comment on column codex.autopay_subscriptions.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.autopay_subscriptions.created_at is 'When the row was made.';
comment on column codex.autopay_subscriptions.updated_at is 'When the row last changed.';

create unique index if not exists uniq_autopay_subscriptions_reference
  on codex.autopay_subscriptions (workspace_id, merchant_subscription_id);
comment on index codex.uniq_autopay_subscriptions_reference is 'The provider''s callback finds its mandate, once.';
create index if not exists idx_autopay_subscriptions_due
  on codex.autopay_subscriptions (workspace_id, next_charge_at) where status = 'active';
comment on index codex.idx_autopay_subscriptions_due is 'Background work charges what is due.';

select codex.protect('codex.autopay_subscriptions', p_read => 'owner');
grant select on codex.autopay_subscriptions to codex_app;
grant select, insert, update, delete on codex.autopay_subscriptions to codex_service;
-- No delete for people: payments are kept; background work writes them.

create or replace trigger _100_check_transition
  before insert or update of status on codex.autopay_subscriptions
  for each row execute function codex.tg__check_transition('status',
    'pending, active',
    'pending > active, failed, cancelled',
    'active > paused, cancelled, expired, failed',
    'paused > active, cancelled, expired');
create or replace trigger _900_touch before update on codex.autopay_subscriptions
  for each row execute function codex.tg__touch();
create or replace trigger _950_record_event
  after insert or update or delete on codex.autopay_subscriptions
  for each row execute function codex.tg__record_event(
    'autopay', 'id', '');

----------------------------------------------------------------------------------------------------
-- autopay_payments
----------------------------------------------------------------------------------------------------

-- Single charges under a mandate.
create table if not exists codex.autopay_payments (
  workspace_id uuid not null references codex.workspaces (id) on delete cascade,
  id uuid not null default gen_random_uuid(),
  autopay_subscription_id uuid not null,
  payment_id text not null,
  amount_minor bigint not null,
  currency text not null default 'INR',
  status text not null default 'pending',
  retry_count integer not null default 0,
  charged_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint autopay_payments_pkey primary key (workspace_id, id),
  constraint autopay_payments_autopay_subscription_id_fkey
    foreign key (workspace_id, autopay_subscription_id)
    references codex.autopay_subscriptions (workspace_id, id) on delete cascade,
  constraint autopay_payments_amount_positive_check check (amount_minor > 0),
  constraint autopay_payments_currency_format_check check (currency ~ '^[A-Z]{3}$'),
  constraint autopay_payments_status_check
    check (status in ('pending', 'processing', 'success', 'failed', 'refunded')),
  constraint autopay_payments_retry_count_not_negative_check check (retry_count >= 0)
);
comment on table codex.autopay_payments is 'One charge of a mandate.';
comment on column codex.autopay_payments.workspace_id is 'Workspace the row belongs to.';
comment on column codex.autopay_payments.id is 'Key, UUIDv7 made by the SDK.';
comment on column codex.autopay_payments.autopay_subscription_id is 'Mandate it is charged under.';
comment on column codex.autopay_payments.payment_id is 'Our reference at the provider.';
comment on column codex.autopay_payments.amount_minor is 'Amount in minor units of the currency.';
comment on column codex.autopay_payments.currency is 'ISO 4217 code.';
comment on column codex.autopay_payments.status is 'pending, processing, success, failed or refunded.';
comment on column codex.autopay_payments.retry_count is 'How often it was tried again.';
comment on column codex.autopay_payments.charged_at is 'When it succeeded.';
comment on column codex.autopay_payments.version is 'Number of the edit, for optimistic concurrency.';
comment on column codex.autopay_payments.created_at is 'When the row was made.';
comment on column codex.autopay_payments.updated_at is 'When the row last changed.';

create unique index if not exists uniq_autopay_payments_payment
  on codex.autopay_payments (workspace_id, payment_id);
comment on index codex.uniq_autopay_payments_payment is 'The provider''s callback finds its charge, once.';
create index if not exists idx_autopay_payments_mandate
  on codex.autopay_payments (workspace_id, autopay_subscription_id, created_at desc);
comment on index codex.idx_autopay_payments_mandate is 'Charges of one mandate, newest first; foreign key to autopay_subscriptions.';

select codex.protect('codex.autopay_payments', p_read => 'owner');
grant select on codex.autopay_payments to codex_app;
grant select, insert, update, delete on codex.autopay_payments to codex_service;
-- No delete for people: payments are kept; background work writes them.

create or replace trigger _100_check_transition
  before insert or update of status on codex.autopay_payments
  for each row execute function codex.tg__check_transition('status',
    'pending, processing',
    'pending > processing, success, failed',
    'processing > success, failed',
    'failed > processing',
    'success > refunded');
create or replace trigger _900_touch before update on codex.autopay_payments
  for each row execute function codex.tg__touch('retry_count');
create or replace trigger _950_record_event
  after insert or update or delete on codex.autopay_payments
  for each row execute function codex.tg__record_event(
    'autopay_payment', 'id', 'retry_count');
