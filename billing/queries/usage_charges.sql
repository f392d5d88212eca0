-- Usage that the bills of a month charge, by account, subscription and charge item, in hao.
-- Plan and pool are the record's month's; the payer is who pays in the billed month, but of a call
-- that began before a transfer the one before it (ACC-8). Late usage stands on LATE_USAGE (RAT-14).
WITH transfer AS (
    SELECT * FROM (
        SELECT subscription_id, valid_from AS at,
               lag(valid_from) OVER (PARTITION BY subscription_id ORDER BY valid_from) AS previous
        FROM customers_ownership
    ) o
    WHERE previous IS NOT NULL AND at <= %(billed_from)s
),
billed AS (
    SELECT r.month, r.usage_id, r.subscription_id, r.item, r.amount_hao, r.info_fee_hao
    FROM billing_rated_usage r
    WHERE r.billed_month = %(billed_month)s
      AND r.month IN (%(billed_month)s, %(previous_month)s)
      AND (r.amount_hao <> 0 OR r.info_fee_hao <> 0)
),
charged AS (
    SELECT b.month, b.subscription_id, b.amount_hao, b.info_fee_hao,
           CASE WHEN b.month = %(billed_month)s THEN b.item ELSE 'LATE_USAGE' END AS item,
           CASE WHEN b.month = %(billed_month)s THEN 'INFO_FEE' ELSE 'LATE_USAGE' END AS fee_item,
           CASE WHEN t.at IS NULL THEN greatest(u.start_at, %(billed_from)s)
                WHEN t.at > CAST(b.month AS timestamp) AT TIME ZONE 'Asia/Shanghai'
                    THEN greatest(u.start_at,
                                  CAST(b.month AS timestamp) AT TIME ZONE 'Asia/Shanghai')
                ELSE u.start_at END AS paid_as_of
    FROM billed b
    JOIN billing_usage u ON u.month = b.month AND u.id = b.usage_id
    LEFT JOIN transfer t
      ON t.subscription_id = b.subscription_id AND t.previous <= u.start_at AND u.start_at < t.at
),
summed AS (
    SELECT p.account_id, c.subscription_id, k.item, sum(k.hao) AS usage_hao
    FROM charged c
    JOIN billing_payrelation p
      ON p.subscription_id = c.subscription_id AND p.valid_from <= c.paid_as_of
     AND (p.valid_until IS NULL OR c.paid_as_of < p.valid_until)
    CROSS JOIN LATERAL (VALUES (c.item, c.amount_hao), (c.fee_item, c.info_fee_hao)) AS k (item, hao)
    WHERE k.hao <> 0
    GROUP BY p.account_id, c.subscription_id, k.item
)
SELECT account_id, subscription_id, item, usage_hao FROM summed
