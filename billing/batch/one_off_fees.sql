-- One-off fees and adjustments of the month, paid by the account that paid when they arose (ACC-8).
-- What corrects an old line keeps the old line's rate (BIL-4, BIL-7).
INSERT INTO close_charge (account_id, subscription_id, item, amount_hao, percent, why)
SELECT paying.account_id, charge.subscription_id, charge.item, charge.amount_fen * 100,
    coalesce(charge.tax_percent, rate.percent, %(other_percent)s),
    jsonb_build_object('order', charge.order_ref, 'memo', charge.memo, 'fen', charge.amount_fen)
FROM billing_charge charge
CROSS JOIN LATERAL (
    SELECT least(greatest(charge.arose_at, %(starts_at)s), %(ends_at)s - interval '1 microsecond')
        AS moment
) AS due
CROSS JOIN LATERAL (
    SELECT coalesce(charge.account_id, relation.account_id) AS account_id
    FROM billing_payrelation relation
    WHERE relation.subscription_id = charge.subscription_id
    ORDER BY relation.valid_from > due.moment,
        CASE WHEN relation.valid_from <= due.moment THEN relation.valid_from END DESC,
        relation.valid_from
    LIMIT 1
) AS paying
LEFT JOIN unnest(%(kinds)s::text[], %(kind_percents)s::int[]) AS rate (kind, percent)
    ON rate.kind = charge.tax_category
WHERE charge.month = %(month)s AND mod(paying.account_id, %(shards)s) = %(shard)s
