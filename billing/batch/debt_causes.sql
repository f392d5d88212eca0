-- Which account's debt stops which active subscription today (CRD-1, CRD-3, CAN-8).
WITH debtor AS (
    -- Overdue since a 1st in an earlier calendar month, and due more than 30 days ago (CRD-2).
    SELECT account.id, account.kind, account.subscription_id, account.owner_id
    FROM billing_account account
    JOIN customers_customer owner ON owner.id = account.owner_id
    WHERE owner.listed <> 'red' AND (account.kind = 'unified' OR account.current)
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
SELECT cause.subscription_id, cause.account_id
FROM cause
JOIN customers_subscription subscription ON subscription.id = cause.subscription_id
JOIN customers_customer owner ON owner.id = subscription.owner_id
LEFT JOIN billing_payrelation relation
    ON relation.subscription_id = subscription.id AND relation.valid_from <= %(at)s
    AND (relation.valid_until IS NULL OR relation.valid_until > %(at)s)
LEFT JOIN billing_account payer ON payer.id = relation.account_id
LEFT JOIN customers_customer payer_owner ON payer_owner.id = payer.owner_id
WHERE subscription.state = 'active' AND owner.listed <> 'red'
    AND coalesce(payer_owner.listed, 'none') <> 'red'
ORDER BY cause.subscription_id, cause.account_id
