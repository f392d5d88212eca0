-- What the rated usage of the month costs, and late usage of the month before (RAT-14).
-- The payer is the one of the call's start, of an earlier start the one of the month's 1st (ACC-8).
WITH span AS (
    SELECT relation.subscription_id, relation.account_id, relation.valid_from, relation.valid_until,
        count(*) OVER (PARTITION BY relation.subscription_id) AS payers
    FROM billing_payrelation relation
    WHERE relation.valid_from < %(ends_at)s
        AND (
            relation.valid_until IS NULL
            OR relation.valid_until > greatest(relation.valid_from, %(starts_at)s)
        )
), rated AS (
    SELECT span.account_id, rated.subscription_id, rated.month, rated.item,
        sum(rated.amount_hao)::bigint AS amount_hao, sum(rated.info_fee_hao)::bigint AS info_fee_hao
    FROM billing_rated_usage rated
    JOIN span ON span.subscription_id = rated.subscription_id AND span.payers = 1
    WHERE rated.billed_month = %(month)s AND rated.month BETWEEN %(month_before)s AND %(month)s
        AND mod(span.account_id, %(shards)s) = %(shard)s
    GROUP BY span.account_id, rated.subscription_id, rated.month, rated.item
    UNION ALL
    SELECT span.account_id, rated.subscription_id, rated.month, rated.item,
        sum(rated.amount_hao)::bigint, sum(rated.info_fee_hao)::bigint
    FROM billing_rated_usage rated
    JOIN billing_usage record ON record.month = rated.month AND record.id = rated.usage_id
    JOIN span ON span.subscription_id = rated.subscription_id AND span.payers > 1
        AND span.valid_from <= greatest(record.start_at, %(starts_at)s)
        AND (span.valid_until IS NULL
            OR span.valid_until > greatest(record.start_at, %(starts_at)s))
    WHERE rated.billed_month = %(month)s AND rated.month BETWEEN %(month_before)s AND %(month)s
        AND mod(span.account_id, %(shards)s) = %(shard)s
    GROUP BY span.account_id, rated.subscription_id, rated.month, rated.item
)
INSERT INTO close_charge (account_id, subscription_id, item, amount_hao, percent, is_usage)
SELECT rated.account_id, rated.subscription_id,
    CASE WHEN rated.month < %(month)s THEN 'LATE_USAGE' ELSE part.item END,
    part.amount_hao, rate.percent, true
FROM rated
CROSS JOIN LATERAL (VALUES (rated.item, rated.amount_hao), ('INFO_FEE', rated.info_fee_hao))
    AS part (item, amount_hao)
JOIN unnest(%(usage_months)s::date[], %(usage_items)s::text[], %(usage_percents)s::int[])
    AS rate (month, item, percent) ON rate.month = rated.month AND rate.item = part.item
WHERE part.amount_hao <> 0
