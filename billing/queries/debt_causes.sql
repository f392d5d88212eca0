-- Which account's debt stops which active subscription today (CRD-1, CRD-3, CAN-8).
-- Of all accounts, or of those that a step of the run holds. A subscription that an earlier step of
-- this run has stopped gets its other causes, too; one that has changed since is the next run's.
WITH red AS (
    SELECT customer.id
    FROM customers_customer customer
    WHERE customer.listed = 'red' AND NOT EXISTS (
        SELECT FROM customers_listing listing
        WHERE listing.customer_id = customer.id AND listing.valid_until IS NULL
            AND listing.expires_on < %(on)s
    )
), debtor AS (
    -- Overdue since a 1st in an earlier calendar month, and due more than 30 days ago (CRD-2).
    SELECT account.id, account.kind, account.subscription_id, account.owner_id
    FROM billing_account account
    WHERE account.owner_id NOT IN (SELECT id FROM red)
        AND (account.kind = 'unified' OR account.current)
        AND (%(accounts)s::bigint[] IS NULL OR account.id = ANY(%(accounts)s::bigint[]))
        AND account.id <> ALL(%(spared)s::bigint[])
        AND EXISTS (
            SELECT FROM billing_bill bill
            WHERE bill.account_id = account.id AND bill.paid_fen < bill.total_fen
                AND bill.due_on < %(on)s - 30
                AND date_trunc('month', bill.due_on + 1) < date_trunc('month', %(on)s::date)
        )
), paid AS (
    SELECT debtor.id AS account_id, relation.subscription_id
    FROM debtor
    JOIN billing_payrelation relation ON relation.account_id = debtor.id
    JOIN customers_subscription subscription ON subscription.id = relation.subscription_id
    WHERE debtor.kind = 'unified' AND subscription.state <> 'terminated'
        AND relation.valid_from <= %(at)s
        AND (relation.valid_until IS NULL OR relation.valid_until > %(at)s)
), former_main AS (
    -- A unified account that pays none any more: the main number of its bundle that ended last.
    SELECT DISTINCT ON (debtor.id) debtor.id AS account_id, term.main_id AS subscription_id,
        bundle.ends_on
    FROM debtor
    JOIN billing_bundleaccount paying ON paying.account_id = debtor.id
    JOIN packages_wo_bundle bundle ON bundle.id = paying.bundle_id AND bundle.state = 'ended'
    JOIN packages_wo_bundleterm term ON term.bundle_id = bundle.id
    WHERE debtor.kind = 'unified' AND debtor.id NOT IN (SELECT account_id FROM paid)
    ORDER BY debtor.id, bundle.ends_on DESC, bundle.accepted_at DESC, bundle.id DESC,
        term.valid_from DESC
), cause AS (
    SELECT paid.account_id, paid.subscription_id
    FROM paid
    JOIN customers_subscription subscription ON subscription.id = paid.subscription_id
    WHERE subscription.service <> 'm3g'
    UNION
    SELECT account_id, subscription_id
    FROM former_main
    WHERE NOT EXISTS (
        SELECT FROM customers_ownership ownership
        WHERE ownership.subscription_id = former_main.subscription_id
            AND ownership.valid_from >= former_main.ends_on::timestamp AT TIME ZONE 'Asia/Shanghai'
    )
    UNION
    SELECT id, subscription_id
    FROM debtor
    WHERE kind = 'independent'
)
SELECT cause.subscription_id, cause.account_id, subscription.state = 'active'
FROM cause
JOIN customers_subscription subscription ON subscription.id = cause.subscription_id
JOIN customers_subscriptionstate present
    ON present.subscription_id = subscription.id AND present.valid_until IS NULL
    AND present.valid_from <= %(at)s
LEFT JOIN billing_payrelation relation
    ON relation.subscription_id = subscription.id AND relation.valid_from <= %(at)s
    AND (relation.valid_until IS NULL OR relation.valid_until > %(at)s)
LEFT JOIN billing_account payer ON payer.id = relation.account_id
WHERE subscription.owner_id NOT IN (SELECT id FROM red)
    AND (payer.owner_id IS NULL OR payer.owner_id NOT IN (SELECT id FROM red))
    AND (
        subscription.state = 'active'
        OR subscription.state = 'suspended' AND subscription.stop_reason = 'debt'
        AND subscription.suspended_at = %(at)s
        AND NOT EXISTS (
            SELECT FROM billing_debtstop stop
            WHERE stop.subscription_id = subscription.id AND stop.account_id = cause.account_id
                AND stop.lifted_at IS NULL
        )
    )
ORDER BY cause.subscription_id, cause.account_id
