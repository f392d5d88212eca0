-- Services that are in use at the month's end and cost nobody anything: no line of their own, and
-- no bundle fee that covers them (revenue assurance). Free plans, and accounts set aside, are not
-- meant. Shape: subscription, number, service, account code; by number.
WITH active AS (
    SELECT state.subscription_id
    FROM customers_subscriptionstate state
    WHERE state.state = 'active' AND state.valid_from < %(starts_at)s
        AND (state.valid_until IS NULL OR state.valid_until >= %(ends_at)s)
), charged AS (
    SELECT DISTINCT line.subscription_id
    FROM billing_billline line
    JOIN billing_bill bill ON bill.id = line.bill_id
    WHERE bill.month = %(month)s
), covered AS (
    SELECT member.subscription_id
    FROM packages_wo_membership member
    JOIN packages_wo_bundleterm term ON term.bundle_id = member.bundle_id
        AND term.valid_from <= %(month)s
        AND (term.valid_until IS NULL OR term.valid_until > %(month)s)
    JOIN charged ON charged.subscription_id = term.main_id
    WHERE member.state IN ('in_force', 'ended') AND member.valid_from <= %(month)s
        AND (member.valid_until IS NULL OR member.valid_until > %(month)s)
        AND (member.part = 'shared_terminal' OR member.part = 'base')
), free AS (
    SELECT own.subscription_id
    FROM packages_wo_subscriptionplan own
    JOIN packages_wo_plan plan ON plan.code = own.plan AND plan.version_id = %(version)s
    WHERE plan.monthly_fen = 0 AND own.valid_from < %(ends_at)s
        AND (own.valid_until IS NULL OR own.valid_until >= %(ends_at)s)
)
SELECT subscription.id, subscription.number, subscription.service, account.code
FROM active
JOIN customers_subscription subscription ON subscription.id = active.subscription_id
LEFT JOIN billing_payrelation paying ON paying.subscription_id = subscription.id
    AND paying.valid_from < %(ends_at)s
    AND (paying.valid_until IS NULL OR paying.valid_until >= %(ends_at)s)
LEFT JOIN billing_account account ON account.id = paying.account_id
WHERE active.subscription_id NOT IN (SELECT subscription_id FROM charged)
    AND active.subscription_id NOT IN (SELECT subscription_id FROM covered)
    AND active.subscription_id NOT IN (SELECT subscription_id FROM free)
    AND coalesce(account.id, 0) <> ALL (%(parked)s)
ORDER BY subscription.number
