-- What the rated usage of the month costs, and late usage of the month before (RAT-14).
-- A unified account that pays in the billed month pays all of it; else the own account does that
-- the subscription had when the call began: after a transfer the old one's calls, late ones too,
-- stay the old one's (ACC-8).
WITH own AS (
    SELECT id AS account_id, subscription_id,
        CASE WHEN lag(id) OVER line IS NULL THEN '-infinity' ELSE opened_at END AS valid_from,
        coalesce(lead(opened_at) OVER line, 'infinity') AS valid_until,
        count(*) OVER (PARTITION BY subscription_id) = 1 AS only
    FROM billing_account
    WHERE subscription_id IS NOT NULL
        AND (%(subscriptions)s::bigint[] IS NULL OR subscription_id = ANY (%(subscriptions)s))
    WINDOW line AS (PARTITION BY subscription_id ORDER BY id)
), span AS (
    SELECT relation.subscription_id, relation.valid_from,
        coalesce(relation.valid_until, 'infinity') AS valid_until,
        CASE WHEN payer.kind = 'unified' THEN payer.id END AS unified_id,
        count(*) OVER (PARTITION BY relation.subscription_id) = 1 AS only
    FROM billing_payrelation relation
    JOIN billing_account payer ON payer.id = relation.account_id
    WHERE relation.valid_from < %(ends_at)s
        AND (
            relation.valid_until IS NULL
            OR relation.valid_until > greatest(relation.valid_from, %(starts_at)s)
        )
        AND (
            %(subscriptions)s::bigint[] IS NULL
            OR relation.subscription_id = ANY (%(subscriptions)s)
        )
), settled AS (
    -- One account pays whatever the calls' moments are: nearly everybody.
    SELECT span.subscription_id, coalesce(span.unified_id, own.account_id) AS account_id
    FROM span
    LEFT JOIN own ON own.subscription_id = span.subscription_id AND own.only
    WHERE span.only AND coalesce(span.unified_id, own.account_id) IS NOT NULL
), billed AS (
    SELECT month, subscription_id, item, amount_hao, info_fee_hao,
        end_at - duration_s * interval '1 second' AS start_at
    FROM billing_record
    WHERE billed_month = %(month)s AND month BETWEEN %(month_before)s AND %(month)s
        AND (amount_hao <> 0 OR info_fee_hao <> 0)
        AND (%(subscriptions)s::bigint[] IS NULL OR subscription_id = ANY (%(subscriptions)s))
), paid AS (
    SELECT settled.account_id, billed.*
    FROM billed
    JOIN settled USING (subscription_id)
    UNION ALL
    SELECT coalesce(span.unified_id, own.account_id), billed.*
    FROM billed
    JOIN span ON span.subscription_id = billed.subscription_id
        AND span.valid_from <= greatest(billed.start_at, %(starts_at)s)
        AND span.valid_until > greatest(billed.start_at, %(starts_at)s)
    LEFT JOIN own ON own.subscription_id = billed.subscription_id
        AND own.valid_from <= billed.start_at AND own.valid_until > billed.start_at
    WHERE billed.subscription_id NOT IN (SELECT subscription_id FROM settled)
), summed AS (
    SELECT account_id, subscription_id, month, item, sum(amount_hao)::bigint AS amount_hao,
        sum(info_fee_hao)::bigint AS info_fee_hao
    FROM paid
    WHERE mod(account_id, %(shards)s) = %(shard)s
    GROUP BY account_id, subscription_id, month, item
), part AS MATERIALIZED (
    -- Apart, so that the rates are joined by month and item at once, not all items of the month.
    SELECT account_id, subscription_id, month, (%(item_names)s::text[])[item + 1] AS item, amount_hao
    FROM summed
    WHERE amount_hao <> 0
    UNION ALL
    SELECT account_id, subscription_id, month, 'INFO_FEE', info_fee_hao
    FROM summed
    WHERE info_fee_hao <> 0
)
INSERT INTO close_charge (account_id, subscription_id, item, amount_hao, percent, is_usage)
SELECT part.account_id, part.subscription_id,
    CASE WHEN part.month < %(month)s THEN 'LATE_USAGE' ELSE part.item END,
    part.amount_hao, rate.percent, true
FROM part
JOIN unnest(%(usage_months)s::date[], %(usage_items)s::text[], %(usage_percents)s::int[])
    AS rate (month, item, percent) USING (month, item)
